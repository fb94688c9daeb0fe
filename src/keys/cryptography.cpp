#include "keys/cryptography.hpp"

#include "approvekit/error.hpp"

#include <sodium.h>

namespace approvekit::keys {
namespace {

std::array<std::uint8_t, 8> length_prefix(std::string_view field) noexcept {
    std::array<std::uint8_t, 8> bytes{};
    std::uint64_t length = field.size();
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
        *byte = static_cast<std::uint8_t>(length & 0xff);
        length >>= 8;
    }
    return bytes;
}

}  // namespace

void prepare_cryptography() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) {
        throw Error(ErrorCode::cryptography, "libsodium finds no source of randomness on this system");
    }
}

std::array<std::uint8_t, 32> hash_of_fields(std::span<const std::uint8_t> key,
                                            std::initializer_list<std::string_view> fields) {
    std::array<std::uint8_t, 32> hash{};
    crypto_generichash_state state;
    crypto_generichash_init(&state, key.data(), key.size(), hash.size());
    for (const std::string_view field : fields) {
        const auto prefix = length_prefix(field);
        crypto_generichash_update(&state, prefix.data(), prefix.size());
        crypto_generichash_update(&state, bytes_of(field), field.size());
    }
    crypto_generichash_final(&state, hash.data(), hash.size());
    sodium_memzero(&state, sizeof state);
    return hash;
}

}  // namespace approvekit::keys
