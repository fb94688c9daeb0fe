#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace approvekit::sqlite {

struct StoredChange {
    std::int64_t sequence = 0;
    std::string request_id;
    std::string status;
};

/// The table approvekit_changes: what happened to requests, so that a watcher reads only what is new.
class ChangesTable final : public record::Changes {
public:
    explicit ChangesTable(SQLite::Database& database) : database_(database) {}

    /// Adds a change and forgets what is older than the last ten thousand.
    void add(const std::string& request_id, std::string_view status) override;

    [[nodiscard]] std::int64_t last();

    /// Returns at most a thousand changes after `sequence`, in order, or none if there are none. If some changes after
    /// `sequence` were already forgotten, the number of the first result shows it.
    [[nodiscard]] std::vector<StoredChange> after(std::int64_t sequence);

private:
    SQLite::Database& database_;
    Query add_{database_, "INSERT INTO approvekit_changes(request_id, status) VALUES (?, ?)"};
    Query forget_{database_, "DELETE FROM approvekit_changes WHERE seq <= ?"};
    Query last_{database_, "SELECT coalesce(max(seq), 0) FROM approvekit_changes"};
    Query after_{database_,
                 "SELECT seq, request_id, status FROM approvekit_changes WHERE seq > ? ORDER BY seq LIMIT 1000"};
};

}  // namespace approvekit::sqlite
