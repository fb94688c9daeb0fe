#include "cryptography.hpp"

#include "approvekit/error.hpp"

#include <sodium.h>

namespace approvekit {

void prepare_cryptography() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) {
        throw Error(ErrorCode::cryptography, "libsodium finds no source of randomness on this system");
    }
}

std::array<std::uint8_t, 8> length_prefix(std::string_view field) noexcept {
    std::array<std::uint8_t, 8> bytes{};
    std::uint64_t length = field.size();
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
        *byte = static_cast<std::uint8_t>(length & 0xff);
        length >>= 8;
    }
    return bytes;
}

}  // namespace approvekit
