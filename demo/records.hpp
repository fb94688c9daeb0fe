#pragma once

#include "approvekit/json.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <vector>

namespace approvekit::demo {

/// The customers that the agent works on: a SQLite table in a separate file from the approvals.
///
/// Not thread-safe. All calls throw SQLite::Exception when the file cannot be read or written.
class Records {
public:
    /// Opens the table; a new file gets three customers.
    explicit Records(const std::filesystem::path& file);

    /// One customer as an object. Throws std::out_of_range for an unknown id.
    [[nodiscard]] Json read(int id);

    /// Whether the customer's e-mail and ssn are these. Throws as read() and Json::at() do.
    [[nodiscard]] bool matches(const Json& customer);

    /// Returns how many of them existed and were deleted.
    int remove(const std::vector<int>& ids);

    [[nodiscard]] std::vector<int> ids();

private:
    SQLite::Database database_;
};

}  // namespace approvekit::demo
