#pragma once

#include <string_view>

namespace approvekit::text {

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
