#pragma once

#include "record/portable_rows.hpp"
#include "sqlite/query.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// Every table of the file, row by row. A table that the file lacks counts as empty. The lanes of entries are in a
/// table of their own, which is created with the first lane.
class PortableRows final : public record::PortableRows {
public:
    explicit PortableRows(SQLite::Database& database) : database_(database) {}

    /// Must be called when a transaction begins, since the one before may have been rolled back with the table of
    /// lanes.
    void forget_lanes() noexcept { has_lanes_ = false; }

    [[nodiscard]] std::vector<record::PortableRow> of(const record::PortableTable& table,
                                                      std::string_view subject) override;
    void remove(const record::PortableTable& table, std::string_view subject) override;
    [[nodiscard]] std::vector<record::PortableRow> behind(const record::PortableTable& table,
                                                          const std::optional<std::string>& last,
                                                          std::size_t limit) override;
    void insert(const record::PortableTable& table, const record::PortableRow& row) override;
    /// Does nothing, since SQLite gives a new row the number after the highest one.
    void number_behind(const record::PortableTable& /*table*/) override {}

private:
    [[nodiscard]] bool exists(std::string_view table);
    /// Returns SQL that selects the columns of a table, in order.
    [[nodiscard]] std::string selection(const record::PortableTable& table, const std::string& rest);
    /// Creates the table of lanes, unless it exists.
    void add_lanes();
    void insert_lane(const std::string& sequence, const std::string& lane);
    /// Returns the statement with that text, which is prepared only once.
    [[nodiscard]] Query& query(const std::string& sql);

    SQLite::Database& database_;
    std::map<std::string, Query> queries_;
    bool has_lanes_ = false;  ///< whether this transaction knows that there is the table of lanes
};

}  // namespace approvekit::sqlite
