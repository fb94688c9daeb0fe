#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace approvekit::text {

/// The usual alphabet, with padding.
[[nodiscard]] std::string to_base64(std::span<const unsigned char> bytes);

/// Fills `bytes`; false, with its content undefined, when `text` is anything but base64 of exactly that many.
[[nodiscard]] bool from_base64(std::string_view text, std::span<unsigned char> bytes);

}  // namespace approvekit::text
