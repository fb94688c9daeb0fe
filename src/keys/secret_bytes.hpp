#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace approvekit::keys {

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
