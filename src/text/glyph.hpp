#pragma once

#include <cstddef>
#include <string_view>

namespace approvekit::text {

/// The first character of a text, as a terminal would read it.
struct Glyph {
    char32_t code = 0;      ///< if the text is not UTF-8, the byte itself
    std::size_t bytes = 0;  ///< how many bytes of the text it takes; 0 for an empty text
    /// False for a single byte that starts no UTF-8 sequence, or one that is cut, overlong or a surrogate.
    bool valid = false;
};

/// Never reads past `text`. `bytes` is at least 1 unless `text` is empty.
[[nodiscard]] Glyph first_glyph(std::string_view text) noexcept;

/// Whether the character must not be shown as it is.
///
/// Either a terminal would obey it, hide it or reorder the text by it: controls, bidi and zero-width marks, every blank
/// except the plain space, fillers, variation selectors, tags, private and unassigned code points. Or it is drawn like
/// another text: characters that Unicode's normal form C writes differently, Hangul in parts, signs that look like
/// ASCII ones.
[[nodiscard]] bool is_hidden(char32_t code) noexcept;

[[nodiscard]] bool is_letter(char32_t code) noexcept;

/// Whether the character is a mark, which belongs to the letter before it.
[[nodiscard]] bool is_mark(char32_t code) noexcept;

/// Whether it is a mark that is drawn above, below or on that letter.
[[nodiscard]] bool is_stacked_mark(char32_t code) noexcept;

/// Whether normal form C leaves these characters unchanged. If not, another text looks the same.
[[nodiscard]] bool is_composed(std::string_view text) noexcept;

/// Returns the largest number of columns that the character takes on any terminal. A line that is measured with it
/// never runs over the edge, where the rest could pose as a line of our own.
[[nodiscard]] std::size_t columns(char32_t code) noexcept;

/// Whether nothing is drawn for the character: white space of any width, line ends, controls, marks such as U+FEFF, and
/// code points that Unicode does not assign.
[[nodiscard]] bool is_blank(char32_t code) noexcept;

/// Whether the character is a visible letter of any script.
[[nodiscard]] bool is_drawn_letter(char32_t code) noexcept;

/// Whether the character is a visible letter or digit of any script.
[[nodiscard]] bool is_drawn_alphanumeric(char32_t code) noexcept;

/// Returns `text`, which should be UTF-8, without the blank characters at its end.
[[nodiscard]] std::string_view without_blanks_behind(std::string_view text) noexcept;

/// Returns `text`, which should be UTF-8, without the blank characters around it.
[[nodiscard]] std::string_view without_blanks_around(std::string_view text) noexcept;

}  // namespace approvekit::text
