#include "approvekit/detail/secret_key.hpp"

#include "keys/cryptography.hpp"

#include <sodium.h>

namespace approvekit::detail {

SecretKey::SecretKey() {
    keys::prepare_cryptography();
    randombytes_buf(bytes_.data(), bytes_.size());
}

SecretKey::SecretKey(std::string_view material) {
    keys::prepare_cryptography();
    bytes_ = keys::hash_of_fields({}, {"approvekit secret 1", material});
}

SecretKey::~SecretKey() {
    sodium_memzero(bytes_.data(), bytes_.size());
}

std::array<std::uint8_t, 32> SecretKey::authenticate(std::initializer_list<std::string_view> fields) const {
    return keys::hash_of_fields(bytes_, fields);
}

}  // namespace approvekit::detail
