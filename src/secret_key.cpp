#include "approvekit/detail/secret_key.hpp"

#include "cryptography.hpp"

#include <sodium.h>

namespace approvekit::detail {

SecretKey::SecretKey() {
    prepare_cryptography();
    randombytes_buf(bytes_.data(), bytes_.size());
}

SecretKey::~SecretKey() {
    sodium_memzero(bytes_.data(), bytes_.size());
}

std::array<std::uint8_t, 32> SecretKey::authenticate(std::initializer_list<std::string_view> fields) const {
    std::array<std::uint8_t, 32> code{};
    crypto_generichash_state state;
    crypto_generichash_init(&state, bytes_.data(), bytes_.size(), code.size());
    for (const std::string_view field : fields) {
        const auto prefix = length_prefix(field);
        crypto_generichash_update(&state, prefix.data(), prefix.size());
        crypto_generichash_update(&state, bytes_of(field), field.size());
    }
    crypto_generichash_final(&state, code.data(), code.size());
    sodium_memzero(&state, sizeof state);
    return code;
}

}  // namespace approvekit::detail
