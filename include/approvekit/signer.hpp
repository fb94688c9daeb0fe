#pragma once

#include <string>
#include <string_view>

namespace approvekit {

/// Signs statements in the name of one reviewer; see docs/security.md. Implementations are thread-safe.
///
/// The library comes with ReviewerKey. A hardware key or a key agent can be another implementation.
class Signer {
public:
    virtual ~Signer() = default;

    /// The reviewer whose key this is.
    [[nodiscard]] virtual const std::string& name() const noexcept = 0;

    /// Ed25519, base64: as listed in a policy, but without "ed25519:".
    [[nodiscard]] virtual const std::string& public_key() const noexcept = 0;

    /// Returns the Ed25519 signature of exactly `statement`, base64. When it throws, nothing is signed.
    [[nodiscard]] virtual std::string sign(std::string_view statement) const = 0;
};

/// The prefix of a public key in texts for people: "ed25519:".
inline constexpr std::string_view public_key_prefix = "ed25519:";

/// Whether `public_key` (base64) is a valid public key of 32 bytes. Most typing errors make it invalid.
[[nodiscard]] bool is_public_key(std::string_view public_key);

/// A short name of a public key: the first 16 hexadecimal digits of its BLAKE2b-256.
[[nodiscard]] std::string key_id(std::string_view public_key);

/// Whether the owner of `public_key` signed exactly `statement`. False for malformed input.
[[nodiscard]] bool is_signed_by(std::string_view public_key, std::string_view statement, std::string_view signature);

}  // namespace approvekit
