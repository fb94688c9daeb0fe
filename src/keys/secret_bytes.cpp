#include "keys/secret_bytes.hpp"

#include "approvekit/error.hpp"
#include "keys/cryptography.hpp"

#include <sodium.h>

namespace approvekit::keys {

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
