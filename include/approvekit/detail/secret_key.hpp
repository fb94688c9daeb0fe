#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace approvekit::detail {

/// 32 bytes that nobody can guess, that never leave the process, and that are wiped when freed. Thread-safe.
class SecretKey {
public:
    /// Gets new random bytes from the operating system.
    SecretKey();
    /// The same bytes for the same `material`, which nobody can guess.
    explicit SecretKey(std::string_view material);
    ~SecretKey();

    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;

    /// Keyed BLAKE2b-256 over the fields, each preceded by its length.
    [[nodiscard]] std::array<std::uint8_t, 32> authenticate(std::initializer_list<std::string_view> fields) const;

private:
    std::array<std::uint8_t, 32> bytes_;
};

}  // namespace approvekit::detail
