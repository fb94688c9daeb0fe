#pragma once

#include <cstddef>
#include <string_view>

namespace approvekit {

/// The length of the UTF-8 sequence that starts at `offset`, 1 to 4; 0 when none does.
///
/// Strict: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] std::size_t utf8_sequence_length(std::string_view text, std::size_t offset) noexcept;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace approvekit
