#pragma once

#include "approvekit/clock.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// How every engine with SQL reads its rows. The SQL belongs to the engine. The columns of a query are listed in an
/// enumeration beside the function that reads it.
namespace approvekit::record {

/// The rows that a statement returned, one after the other, with columns counted from 0. A function that reads `row`
/// gets it positioned on a row. Values that another program wrote are read as far as possible, and are never a reason
/// to throw.
template <typename Rows>
concept StoredRows = std::move_constructible<Rows> && requires(Rows& rows, const Rows& row, int column) {
    // Moves to the next row. Returns false if there is none.
    { rows.next() } -> std::same_as<bool>;
    // Empty if it is NULL. For a text that is too long for a page, an engine may return a note on its length instead.
    { row.text(column) } -> std::same_as<std::string>;
    { row.optional_text(column) } -> std::same_as<std::optional<std::string>>;
    // The unchanged text, valid until next().
    { row.bytes(column) } -> std::same_as<std::string_view>;
    // Data that is not text; empty if it is NULL.
    { row.binary(column) } -> std::same_as<std::string>;
    { row.integer(column) } -> std::same_as<std::int64_t>;
    { row.flag(column) } -> std::same_as<bool>;
    { row.is_null(column) } -> std::same_as<bool>;
    // How many bytes this row adds to a page.
    { row.size() } -> std::same_as<std::size_t>;
};

/// Reads a time that may be missing. Returns nothing also if the value is not a time.
template <StoredRows Rows>
[[nodiscard]] std::optional<Time> read_time(const Rows& row, int column) {
    return row.is_null(column) ? std::nullopt : parse_time(row.bytes(column));
}

/// Returns what `read` returns for the first row, or nothing if there is none.
template <StoredRows Rows, typename Read>
[[nodiscard]] std::optional<std::invoke_result_t<Read&, const Rows&>> read_first(Rows rows, Read read) {
    if (!rows.next()) return std::nullopt;
    return read(std::as_const(rows));
}

/// Returns what `read` returns for each row.
template <StoredRows Rows, typename Read>
[[nodiscard]] std::vector<std::invoke_result_t<Read&, const Rows&>> read_all(Rows rows, Read read) {
    std::vector<std::invoke_result_t<Read&, const Rows&>> all;
    while (rows.next())
        all.push_back(read(std::as_const(rows)));
    return all;
}

/// Returns the texts of a query with one column.
template <StoredRows Rows>
[[nodiscard]] std::vector<std::string> read_texts(Rows rows) {
    return read_all(std::move(rows), [](const Rows& row) { return row.text(0); });
}

/// Calls `show` for the rows of a stretch until it returns false, and moves `from` behind each row, as
/// Requests::each_of_stretch does. The rows must be ordered by the numbers in the column `number`.
template <StoredRows Rows, typename Show>
bool show_stretch(Rows rows, int number, std::int64_t& from, Show show) {
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t place = rows.integer(number);
        if (!show(std::as_const(rows)) || place == std::numeric_limits<std::int64_t>::max()) return false;
        from = place + 1;
    }
    return any;
}

}  // namespace approvekit::record
