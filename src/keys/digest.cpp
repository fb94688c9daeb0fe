#include "approvekit/digest.hpp"

#include "keys/cryptography.hpp"

#include <sodium.h>

#include <vector>

namespace approvekit {
std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '\0');
    auto at = text.begin();
    for (const std::uint8_t byte : bytes) {
        *at++ = digits[byte >> 4];
        *at++ = digits[byte & 15];
    }
    return text;
}

Digest digest_of(std::string_view text) {
    Digest digest{};
    crypto_generichash(digest.data(), digest.size(), keys::bytes_of(text), text.size(), nullptr, 0);
    return digest;
}

Digest digest_of_fields(std::initializer_list<std::string_view> fields) {
    return keys::hash_of_fields({}, fields);
}

std::string random_hex(std::size_t count) {
    if (count == 0) return {};  // an empty vector has no address to give to libsodium
    keys::prepare_cryptography();
    std::vector<std::uint8_t> bytes(count);
    randombytes_buf(bytes.data(), bytes.size());
    return to_hex(bytes);
}

std::string random_uuid() {
    keys::prepare_cryptography();
    std::array<std::uint8_t, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    bytes[6] = (bytes[6] & 0x0f) | 0x40;  // version 4
    bytes[8] = (bytes[8] & 0x3f) | 0x80;  // the variant of RFC 4122
    std::string text = to_hex(bytes);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
        text.insert(dash, 1, '-');
    }
    return text;
}

ActionCommitment::ActionCommitment(std::string_view tool_name, std::string_view canonical_arguments)
    : digest_(digest_of_action(tool_name, canonical_arguments)) {}

ActionCommitment::ActionCommitment(const detail::SecretKey& key, std::string shown, std::string_view tool_name,
                                   std::string_view canonical_arguments)
    : key_(key), shown_(std::move(shown)), digest_(digest_of_action(tool_name, canonical_arguments)) {}

std::string ActionCommitment::digest_of_action(std::string_view tool_name, std::string_view canonical_arguments) const {
    if (shown_.empty()) return to_hex(key_.authenticate({tool_name, canonical_arguments}));
    return to_hex(key_.authenticate({"approvekit action 2", shown_, tool_name, canonical_arguments}));
}

bool ActionCommitment::fits(std::string_view tool_name, std::string_view canonical_arguments) const {
    const std::string digest = digest_of_action(tool_name, canonical_arguments);
    return digest.size() == digest_.size() && sodium_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

}  // namespace approvekit
