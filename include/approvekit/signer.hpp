#pragma once

#include <string>
#include <string_view>

namespace approvekit {

/// Signs statements in the name of one reviewer; see docs/security.md. Implementations are thread-safe.
///
/// ReviewerKey is the one that comes with the library; a hardware key or an agent that holds keys can be another.
class Signer {
public:
    virtual ~Signer() = default;

    /// The reviewer whose key this is.
    [[nodiscard]] virtual const std::string& name() const noexcept = 0;

    /// Ed25519, base64: what a policy lists, without its "ed25519:".
    [[nodiscard]] virtual const std::string& public_key() const noexcept = 0;

    /// The Ed25519 signature of `statement` as it stands, base64. What it throws leaves nothing signed.
    [[nodiscard]] virtual std::string sign(std::string_view statement) const = 0;
};

/// How a public key begins where people write it down: "ed25519:".
inline constexpr std::string_view public_key_prefix = "ed25519:";

/// Whether `public_key` (base64) is 32 bytes that some private key belongs to: typing errors rarely are.
[[nodiscard]] bool is_public_key(std::string_view public_key);

/// A short name of a public key: the first 16 hexadecimal digits of its BLAKE2b-256.
[[nodiscard]] std::string key_id(std::string_view public_key);

/// Whether the owner of `public_key` signed exactly `statement`. False for whatever is malformed.
[[nodiscard]] bool is_signed_by(std::string_view public_key, std::string_view statement, std::string_view signature);

}  // namespace approvekit
