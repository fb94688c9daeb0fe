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

/// How every engine with SQL reads its rows. The SQL is the engine's; in which columns a listing gives what is said by the
/// enumeration of that listing, beside the function that reads it.
namespace approvekit::record {

/// The rows that a statement gave, one after the other, each with its columns counted from 0. A function that reads `row` is
/// given rows that stand on one. What another program put there is read as far as it goes, and is no reason to throw.
template <typename Rows>
concept StoredRows = std::move_constructible<Rows> && requires(Rows& rows, const Rows& row, int column) {
    // Moves to the next row; false when there is none.
    { rows.next() } -> std::same_as<bool>;
    // Empty where it is NULL. An engine may give a word on its length in place of a text that is too long for a page.
    { row.text(column) } -> std::same_as<std::string>;
    { row.optional_text(column) } -> std::same_as<std::optional<std::string>>;
    // A text as it is, until next().
    { row.bytes(column) } -> std::same_as<std::string_view>;
    // What is no text; empty where it is NULL.
    { row.binary(column) } -> std::same_as<std::string>;
    { row.integer(column) } -> std::same_as<std::int64_t>;
    { row.flag(column) } -> std::same_as<bool>;
    { row.is_null(column) } -> std::same_as<bool>;
    // How many bytes a page with this row is larger than one without.
    { row.size() } -> std::same_as<std::size_t>;
};

/// A time that may be missing; nothing, too, where what stands there is no time.
template <StoredRows Rows>
[[nodiscard]] std::optional<Time> read_time(const Rows& row, int column) {
    return row.is_null(column) ? std::nullopt : parse_time(row.bytes(column));
}

/// What `read` reads of the first row; nothing where there is none.
template <StoredRows Rows, typename Read>
[[nodiscard]] std::optional<std::invoke_result_t<Read&, const Rows&>> read_first(Rows rows, Read read) {
    if (!rows.next()) return std::nullopt;
    return read(std::as_const(rows));
}

/// What `read` reads of each row.
template <StoredRows Rows, typename Read>
[[nodiscard]] std::vector<std::invoke_result_t<Read&, const Rows&>> read_all(Rows rows, Read read) {
    std::vector<std::invoke_result_t<Read&, const Rows&>> all;
    while (rows.next())
        all.push_back(read(std::as_const(rows)));
    return all;
}

/// The texts of a listing with one column.
template <StoredRows Rows>
[[nodiscard]] std::vector<std::string> read_texts(Rows rows) {
    return read_all(std::move(rows), [](const Rows& row) { return row.text(0); });
}

/// Shows the rows of a stretch to `show`, which says whether to go on, and moves `from` behind each, as
/// Requests::each_of_stretch does. They are in the order of the numbers in the column `number`.
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
