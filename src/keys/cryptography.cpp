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

std::string to_base64(std::span<const unsigned char> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminating zero
    return text;
}

bool from_base64(std::string_view text, std::span<unsigned char> bytes) {
    std::size_t size = 0;
    return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           size == bytes.size();
}

SecretBytes::SecretBytes(std::size_t size) : bytes_(nullptr), size_(size) {
    prepare_cryptography();
    bytes_ = static_cast<unsigned char*>(sodium_malloc(size));
    if (bytes_ == nullptr) throw Error(ErrorCode::cryptography, "the system has no memory left that keeps secrets");
    sodium_memzero(bytes_, size_);
}

SecretBytes::~SecretBytes() {
    sodium_free(bytes_);
}

void SecretBytes::shorten(std::size_t size) noexcept {
    sodium_memzero(bytes_ + size, size_ - size);
    size_ = size;
}

}  // namespace approvekit::keys
