#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace approvekit::keys {

/// Makes libsodium ready; every use of it comes after a call of this. Cheap when done before.
/// Throws Error (cryptography) when the system has no source of randomness.
void prepare_cryptography();

/// BLAKE2b-256 over the fields, each preceded by its length, so that no two lists share a hash; an empty key is none.
[[nodiscard]] std::array<std::uint8_t, 32> hash_of_fields(std::span<const std::uint8_t> key,
                                                          std::initializer_list<std::string_view> fields);

/// libsodium wants unsigned bytes.
[[nodiscard]] inline const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace approvekit::keys
