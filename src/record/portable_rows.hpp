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

/// A table as every engine has it: by these columns its rows go into an archive, or from one engine to another.
struct PortableTable {
    std::string_view name;
    std::string_view order;  ///< the column that no two rows have the same in
    std::string_view
        subject;  ///< the column that says whose row it is: a request, or an entry. Empty: it goes with none
    std::span<const PortableColumn> columns;
};

/// All of them, each after those that it refers to.
[[nodiscard]] std::span<const PortableTable> portable_tables() noexcept;
/// Throws std::out_of_range for a name that none has.
[[nodiscard]] const PortableTable& portable_table(std::string_view name);

/// The names of its columns in their order, as SQL has a list.
[[nodiscard]] std::string column_list(const PortableTable& table);

/// The values of a row in the order of the table's columns: numbers in decimal, flags as 0 or 1, bytes as they are.
using PortableRow = std::vector<std::optional<std::string>>;

/// As an archive has it: the table's name, and each value under its column's name.
[[nodiscard]] std::string portable_line(const PortableTable& table, const PortableRow& row);
/// Whether it is one, written exactly so.
[[nodiscard]] bool is_portable_line(std::string_view line);

/// The tables of a record, row by row and whatever they mean.
class PortableRows {
public:
    virtual ~PortableRows() = default;

    /// Those of that subject, in their order.
    [[nodiscard]] virtual std::vector<PortableRow> of(const PortableTable& table, std::string_view subject) = 0;
    virtual void remove(const PortableTable& table, std::string_view subject) = 0;

    /// In their order those behind the one with that value in the column `order`; nothing: from the first on.
    [[nodiscard]] virtual std::vector<PortableRow> behind(const PortableTable& table,
                                                          const std::optional<std::string>& last,
                                                          std::size_t limit) = 0;
    virtual void insert(const PortableTable& table, const PortableRow& row) = 0;
    /// The transaction takes a whole record: while that is checked where it comes from, nothing is heard of it here.
    virtual void expect_pauses() {}
    /// Rows with numbers of their own were inserted: those that others add get higher ones from now on.
    virtual void number_behind(const PortableTable& table) = 0;
};

}  // namespace approvekit::record
