#pragma once

#include <cstddef>
#include <string_view>

namespace approvekit::text {

/// The first character of a text, as a terminal would read it.
struct Glyph {
    char32_t code = 0;      ///< the byte itself where the text is not UTF-8
    std::size_t bytes = 0;  ///< how many of the text's bytes it takes; 0 for an empty text
    bool valid = false;     ///< false: one byte that no UTF-8 sequence starts with, or a cut, overlong or surrogate one
};

/// Never reads past `text` and always advances on a text that is not empty.
[[nodiscard]] Glyph first_glyph(std::string_view text) noexcept;

/// Whether the character is not to be shown as it is.
///
/// A terminal would obey, hide or reorder by it: controls, bidi and zero-width marks, every blank but the plain space,
/// fillers, variation selectors, tags, private and unassigned code points. Or it is drawn as another text is:
/// characters that Unicode's normal form C writes otherwise, Hangul in parts, signs that look like ASCII ones.
[[nodiscard]] bool is_hidden(char32_t code) noexcept;

[[nodiscard]] bool is_letter(char32_t code) noexcept;

/// Whether the character belongs to the letter before it.
[[nodiscard]] bool is_mark(char32_t code) noexcept;

/// Whether it is a mark that is drawn above, below or upon that letter.
[[nodiscard]] bool is_stacked_mark(char32_t code) noexcept;

/// Whether normal form C writes these characters as they are: if not, others look the same.
[[nodiscard]] bool is_composed(std::string_view text) noexcept;

/// How many columns the character takes at most, on any terminal: a line that is counted with it never runs over
/// the edge, where its rest could pose as a line of ours.
[[nodiscard]] std::size_t columns(char32_t code) noexcept;

/// Whether the character is drawn as nothing: white space of any width, line ends, controls, marks such as U+FEFF, and
/// what Unicode does not assign.
[[nodiscard]] bool is_blank(char32_t code) noexcept;

/// Whether the character is a letter of any script that is drawn.
[[nodiscard]] bool is_drawn_letter(char32_t code) noexcept;

/// Whether the character is a letter or a digit of any script that is drawn.
[[nodiscard]] bool is_drawn_alphanumeric(char32_t code) noexcept;

/// `text`, which should be UTF-8, without the blank characters at its end.
[[nodiscard]] std::string_view without_blanks_behind(std::string_view text) noexcept;

/// `text`, which should be UTF-8, without the blank characters around it.
[[nodiscard]] std::string_view without_blanks_around(std::string_view text) noexcept;

}  // namespace approvekit::text
