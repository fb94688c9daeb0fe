#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

/// In base64 with the usual alphabet and padding.
[[nodiscard]] std::string to_base64(std::span<const unsigned char> bytes);

/// Fills `bytes`; false, with its content undefined, when `text` is anything but base64 of exactly that many.
[[nodiscard]] bool from_base64(std::string_view text, std::span<unsigned char> bytes);

/// Memory for secrets: never swapped, fenced by guard pages, wiped when it goes. Not thread-safe; movable.
class SecretBytes {
public:
    /// Throws Error (cryptography) when the system has no such memory left.
    explicit SecretBytes(std::size_t size);
    ~SecretBytes();

    SecretBytes(SecretBytes&& other) noexcept
        : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    SecretBytes& operator=(SecretBytes&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(size_, other.size_);
        return *this;
    }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;

    [[nodiscard]] unsigned char* data() noexcept { return bytes_; }
    [[nodiscard]] const unsigned char* data() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    [[nodiscard]] std::span<unsigned char> span() noexcept { return {bytes_, size_}; }
    [[nodiscard]] std::span<const unsigned char> span() const noexcept { return {bytes_, size_}; }
    [[nodiscard]] std::string_view text() const noexcept { return {reinterpret_cast<const char*>(bytes_), size_}; }

    /// Leaves only the first `size` bytes; the others are wiped.
    void shorten(std::size_t size) noexcept;

private:
    unsigned char* bytes_;
    std::size_t size_;
};

}  // namespace approvekit::keys
