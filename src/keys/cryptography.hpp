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

/// Initializes libsodium; must be called before any other use of it. Cheap if it was called before. Throws Error
/// (cryptography) if the system has no source of randomness.
void prepare_cryptography();

/// Returns BLAKE2b-256 over the fields. The length of each field is hashed before it, so that no two lists share a
/// hash. An empty key means no key.
[[nodiscard]] std::array<std::uint8_t, 32> hash_of_fields(std::span<const std::uint8_t> key,
                                                          std::initializer_list<std::string_view> fields);

/// libsodium wants unsigned bytes.
[[nodiscard]] inline const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Returns base64 with the usual alphabet and padding.
[[nodiscard]] std::string to_base64(std::span<const unsigned char> bytes);

/// Fills `bytes`. Returns false if `text` is not base64 of exactly that many bytes; `bytes` is then undefined.
[[nodiscard]] bool from_base64(std::string_view text, std::span<unsigned char> bytes);

/// Memory for secrets: never swapped, fenced by guard pages, wiped when it is freed. Not thread-safe; movable.
class SecretBytes {
public:
    /// Throws Error (cryptography) if the system has no such memory left.
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

    /// Keeps only the first `size` bytes and wipes the others.
    void shorten(std::size_t size) noexcept;

private:
    unsigned char* bytes_;
    std::size_t size_;
};

}  // namespace approvekit::keys
