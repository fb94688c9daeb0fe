#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::record {

enum class ColumnKind { text, integer, flag, bytes };

struct PortableColumn {
    std::string_view name;
    ColumnKind kind = ColumnKind::text;
};

/// A table as every engine has it. Its rows go into an archive, or from one engine to another, with these columns.
struct PortableTable {
    std::string_view name;
    std::string_view order;    ///< the column whose values are unique and define the order of the rows
    std::string_view subject;  ///< the column with the request or entry that a row belongs to; empty: there is none
    std::span<const PortableColumn> columns;
};

/// Returns all tables, each after those that it refers to.
[[nodiscard]] std::span<const PortableTable> portable_tables() noexcept;
/// Throws std::out_of_range if no table has that name.
[[nodiscard]] const PortableTable& portable_table(std::string_view name);

/// Returns the names of its columns in their order, separated by commas for SQL.
[[nodiscard]] std::string column_list(const PortableTable& table);

/// The values of a row in the order of the table's columns: numbers in decimal, flags as 0 or 1, bytes as they are.
using PortableRow = std::vector<std::optional<std::string>>;

/// Returns the line of an archive for that row: the table's name, and each value under its column's name.
[[nodiscard]] std::string portable_line(const PortableTable& table, const PortableRow& row);
/// Whether `line` is exactly what portable_line() would return.
[[nodiscard]] bool is_portable_line(std::string_view line);

/// The rows of a record's tables, whatever they mean.
class PortableRows {
public:
    virtual ~PortableRows() = default;

    /// Returns the rows that belong to `subject`, in their order.
    [[nodiscard]] virtual std::vector<PortableRow> of(const PortableTable& table, std::string_view subject) = 0;
    virtual void remove(const PortableTable& table, std::string_view subject) = 0;

    /// Returns up to `limit` rows, in their order, after the one with the value `last` in the column `order`; nothing:
    /// from the first one on.
    [[nodiscard]] virtual std::vector<PortableRow> behind(const PortableTable& table,
                                                          const std::optional<std::string>& last,
                                                          std::size_t limit) = 0;
    virtual void insert(const PortableTable& table, const PortableRow& row) = 0;
    /// The transaction is about to take in a whole record. It must not time out while the source checks its record.
    virtual void expect_pauses() {}
    /// To be called after rows with numbers of their own were inserted: rows that are added later get higher numbers.
    virtual void number_behind(const PortableTable& table) = 0;
};

}  // namespace approvekit::record
