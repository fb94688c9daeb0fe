#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

// All of these take text that escape() made and that Paint may have coloured. Colours take no columns.

/// Returns the largest number of columns that `text` can take.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// Returns `text` in lines of at most `width` columns. Breaks after a blank if there is one, and never inside a
/// character or an escape. Joined again, the lines are `text`. Returns at least one line. A character wider than
/// `width` gets its own line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// Returns how many rows `text` takes in a window of `width` columns, which breaks it anywhere; at least 1.
[[nodiscard]] std::size_t rows(std::string_view text, std::size_t width) noexcept;

/// Returns `text` filled up with blanks to `width` columns. A longer text stays as it is.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

/// Returns `text` cut to `width` columns. If it was cut, the last three columns are dots. `width` must be at least 3.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t width);

}  // namespace approvekit::terminal
