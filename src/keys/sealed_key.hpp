#pragma once

#include "approvekit/reviewer_key.hpp"
#include "keys/cryptography.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace approvekit::keys {

/// The size of a key pair's seed.
inline constexpr std::size_t seed_bytes = 32;

/// A reviewer's key as it is stored in a file. Anybody who may read the file can see whose key it is, but only the
/// passphrase opens it. A plain value.
class SealedKey {
public:
    /// Throws Error (cryptography) if the system has less memory than `cost` asks for.
    [[nodiscard]] static SealedKey seal(const SecretBytes& seed, std::string reviewer, std::string public_key,
                                        std::string_view passphrase, const SealCost& cost);

    /// Reads the text of a key file strictly. Throws Error (invalid_key), which names `file`.
    [[nodiscard]] static SealedKey parse(std::string_view text, const std::string& file);

    [[nodiscard]] std::string text() const;

    /// Returns the seed. Throws Error (invalid_key), which names `file`, if the passphrase does not open it.
    [[nodiscard]] SecretBytes open(std::string_view passphrase, const std::string& file) const;

    [[nodiscard]] const std::string& reviewer() const noexcept { return reviewer_; }
    [[nodiscard]] const std::string& public_key() const noexcept { return public_key_; }

private:
    SealedKey() = default;

    [[nodiscard]] SecretBytes content(const SecretBytes& seed) const;
    [[nodiscard]] SecretBytes derive(std::string_view passphrase) const;

    std::string reviewer_;
    std::string public_key_;
    SealCost cost_;
    std::array<unsigned char, 16> salt_{};
    std::array<unsigned char, 24> nonce_{};
    std::array<unsigned char, 16 + seed_bytes + 32> box_{};  // the seed, and a digest of what the file says unencrypted
};

/// Reads a key file. Throws Error (invalid_key) if it cannot be read, or if others than its owner can access it.
[[nodiscard]] SealedKey read_key_file(const std::filesystem::path& path);

/// Writes a new key file with mode 0600. Throws Error (invalid_key), also if a file is already there.
void write_key_file(const std::filesystem::path& path, const SealedKey& key);

}  // namespace approvekit::keys
