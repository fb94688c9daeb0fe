#pragma once

#include "record/portable_rows.hpp"
#include "sqlite/query.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// Every table of the file, row by row. Of a file that has not all tables yet those that it lacks are empty. The lanes of
/// entries stand in a table beside theirs, which comes with the first one.
class PortableRows final : public record::PortableRows {
public:
    explicit PortableRows(SQLite::Database& database) : database_(database) {}

    [[nodiscard]] std::vector<record::PortableRow> of(const record::PortableTable& table,
                                                      std::string_view subject) override;
    void remove(const record::PortableTable& table, std::string_view subject) override;
    [[nodiscard]] std::vector<record::PortableRow> behind(const record::PortableTable& table,
                                                          const std::optional<std::string>& last,
                                                          std::size_t limit) override;
    void insert(const record::PortableTable& table, const record::PortableRow& row) override;
    /// Each gets the number behind the highest one.
    void number_behind(const record::PortableTable& /*table*/) override {}

private:
    [[nodiscard]] bool exists(std::string_view table);
    /// SQL for the columns of a table, in their order.
    [[nodiscard]] std::string selection(const record::PortableTable& table, const std::string& rest);
    void insert_lane(const std::string& sequence, const std::string& lane);
    /// Prepared once for each text.
    [[nodiscard]] Query& query(const std::string& sql);

    SQLite::Database& database_;
    std::map<std::string, Query> queries_;
};

}  // namespace approvekit::sqlite
