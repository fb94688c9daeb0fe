#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

// All of these take text that escape() made and that Paint may have coloured, which takes no columns.

/// How many columns `text` takes at most.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// `text` in lines of at most `width` columns, broken behind a blank where there is one, never inside a character or
/// an escape. Joined again the lines are `text`. At least one line; a character wider than `width` gets its own.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// How many rows of a window of `width` columns `text` takes there, which breaks it anywhere; at least 1.
[[nodiscard]] std::size_t rows(std::string_view text, std::size_t width) noexcept;

/// `text` filled up with blanks to `width` columns; a longer one stays as it is.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

/// `text` cut to `width` columns, of which the last three are dots then. `width` must be at least 3.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t width);

}  // namespace approvekit::terminal
