#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace approvekit::text {

/// The length of the UTF-8 sequence that starts at `offset`, 1 to 4; 0 when none does.
///
/// Strict: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] std::size_t utf8_sequence_length(std::string_view text, std::size_t offset) noexcept;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Whether `byte` goes on with a character that began before it.
[[nodiscard]] constexpr bool continues_character(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// The number of characters of a text that is UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// `text`, or of one of more than `most_bytes` as many whole characters as have room beside how much was left out.
[[nodiscard]] std::string shortened(std::string text, std::size_t most_bytes);

/// What stands in the place of a text of which nothing is told but its size.
[[nodiscard]] std::string left_out_text(std::size_t bytes);

}  // namespace approvekit::text
