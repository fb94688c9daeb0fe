#pragma once

#include "record/retention_tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// The table approvekit_archive_holds. If a file does not have it yet, functions that only read return nothing.
class HoldsTable final : public record::Holds {
public:
    explicit HoldsTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredHold& hold) override;
    void end(const record::StoredHold& hold) override;
    [[nodiscard]] std::optional<record::StoredHold> find(std::string_view subject) override;
    [[nodiscard]] std::vector<record::StoredHold> list(bool all) override;
    bool each_of_stretch(std::int64_t& from,
                         const std::function<bool(const record::StoredHold&, const std::string&)>& look) override;

private:
    [[nodiscard]] static std::string listing(const char* rest, const std::string& more_columns = {});
    /// SQL for what is wrong with how a hold is stored.
    [[nodiscard]] static std::string misfit();

    SQLite::Database& database_;
    LaterTable table_{database_, "approvekit_archive_holds"};
    Query insert_{database_,
                  "INSERT INTO approvekit_archive_holds(subject, reason, reviewer, way, since) VALUES (?, ?, ?, ?, ?)"};
    Query end_{database_,
               "UPDATE approvekit_archive_holds SET ended_at = ?, ended_by = ?, ended_way = ? WHERE subject = ? AND "
               "ended_at IS NULL"};
    Query find_{database_, listing("WHERE subject = ? ORDER BY number DESC LIMIT 1")};
    Query in_force_{database_, listing("WHERE ended_at IS NULL ORDER BY number LIMIT 1000")};
    Query all_{database_, listing("ORDER BY number LIMIT 1000")};
    Query stretch_{database_, listing("WHERE number >= ? ORDER BY number LIMIT 1000", ", number, " + misfit())};
};

}  // namespace approvekit::sqlite
