#pragma once

#include "approvekit/stop.hpp"
#include "record/tables.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace approvekit::record {

/// The stops that a process has met, for as long as it lives and as it met them: whoever changes the row of one, or takes
/// it away, lifts nothing for it. Thread-safe.
class KnownStops {
public:
    /// All that are in force: those of the table, and those met before of which no entry says that they were lifted.
    [[nodiscard]] std::vector<Stop> look(Tables& tables);

private:
    std::mutex mutex_;
    std::vector<Stop> met_;
};

/// Whether an entry says of the stop with that id that it was lifted.
[[nodiscard]] bool is_lifted(const std::string& id, Entries& entries);

}  // namespace approvekit::record
