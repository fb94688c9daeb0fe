#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace approvekit {

/// Makes libsodium ready; every use of it comes after a call of this. Cheap when done before.
/// Throws Error (cryptography) when the system has no source of randomness.
void prepare_cryptography();

/// The length of a field as eight bytes, most significant first: what keeps neighbouring fields apart in a hash.
[[nodiscard]] std::array<std::uint8_t, 8> length_prefix(std::string_view field) noexcept;

/// libsodium wants unsigned bytes.
[[nodiscard]] inline const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace approvekit
