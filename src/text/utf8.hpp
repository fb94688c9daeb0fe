#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace approvekit::text {

/// Returns the length, 1 to 4, of the UTF-8 sequence that starts at `offset`, or 0 if none starts there.
///
/// Strict: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] std::size_t utf8_sequence_length(std::string_view text, std::size_t offset) noexcept;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Whether `byte` continues a character that began before it.
[[nodiscard]] constexpr bool continues_character(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// Returns the number of characters of a UTF-8 text.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// Returns `text` if it has at most `most_bytes`. Otherwise returns as many whole characters as fit, followed by a note
/// of how much was left out.
[[nodiscard]] std::string shortened(std::string text, std::size_t most_bytes);

/// Returns the text that replaces a text of which only the size is told.
[[nodiscard]] std::string left_out_text(std::size_t bytes);

}  // namespace approvekit::text
