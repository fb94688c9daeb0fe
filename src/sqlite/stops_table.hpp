#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// The table approvekit_stops. In a file of version 1, which does not have it, functions that only read return nothing.
class StopsTable final : public record::Stops {
public:
    explicit StopsTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredStop& stop) override;
    void lift(const record::StoredStop& stop) override;
    [[nodiscard]] std::optional<record::StoredStop> find(std::string_view id) override;
    [[nodiscard]] std::vector<Stop> in_force() override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredStop>& look) override;
    [[nodiscard]] std::vector<Stop> list(StopList which) override;

private:
    [[nodiscard]] static std::string listing(const std::string& more_columns, const char* rest);
    [[nodiscard]] static std::string misfit();
    [[nodiscard]] std::vector<Stop> read(Query& query);

    SQLite::Database& database_;
    LaterTable table_{database_, "approvekit_stops"};
    Query insert_{
        database_,
        "INSERT INTO approvekit_stops(stop_id, tool, agent, reason, reviewer, way, since) VALUES (?, ?, ?, ?, "
        "?, ?, ?)"};
    Query lift_{database_, "UPDATE approvekit_stops SET ended_at = ?, ended_by = ?, ended_way = ? WHERE stop_id = ?"};
    Query find_{database_, listing("", "WHERE stop_id = ?")};
    Query in_force_{database_, listing("", "WHERE ended_at IS NULL ORDER BY number")};
    Query latest_{database_, listing("", "ORDER BY number DESC LIMIT 1000")};
    Query stretch_{database_, listing(", number, " + misfit(), "WHERE number >= ? ORDER BY number LIMIT 1000")};
};

}  // namespace approvekit::sqlite
