#include "approvekit/signer.hpp"

#include "approvekit/digest.hpp"
#include "keys/cryptography.hpp"
#include "text/base64.hpp"

#include <sodium.h>

#include <array>

namespace approvekit {

bool is_public_key(std::string_view public_key) {
    keys::prepare_cryptography();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
    return text::from_base64(public_key, key) && crypto_core_ed25519_is_valid_point(key.data()) == 1;
}

std::string key_id(std::string_view public_key) {
    constexpr std::size_t digits = 16;
    return to_hex(digest_of(public_key)).substr(0, digits);
}

bool is_signed_by(std::string_view public_key, std::string_view statement, std::string_view signature) {
    keys::prepare_cryptography();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
    std::array<unsigned char, crypto_sign_BYTES> bytes{};
    return text::from_base64(public_key, key) && text::from_base64(signature, bytes) &&
           crypto_sign_verify_detached(bytes.data(), keys::bytes_of(statement), statement.size(), key.data()) == 0;
}

}  // namespace approvekit
