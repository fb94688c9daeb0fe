#pragma once

#include "approvekit/detail/secret_key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace approvekit {

/// A BLAKE2b-256 value.
using Digest = std::array<std::uint8_t, 32>;

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

/// BLAKE2b-256, as `b2sum -l 256` prints it.
[[nodiscard]] Digest digest_of(std::string_view text);

/// BLAKE2b-256 over the fields, each preceded by its length, so different lists of fields have different digests.
[[nodiscard]] Digest digest_of_fields(std::initializer_list<std::string_view> fields);

/// `count` random bytes from the operating system, in hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t count);

/// A random UUID (version 4) as text.
[[nodiscard]] std::string random_uuid();

/// Binds a decision to the true arguments of a call without revealing them.
///
/// The digest is keyed with random bytes that stay in the agent's memory, or with a secret of the agent. Reviewers sign
/// the digest and the agent can recompute it, but nobody can find a short secret (a four-digit PIN) from it by trial
/// and error. A value; concurrent reads are safe.
class ActionCommitment {
public:
    /// Commits to `canonical_arguments` of `tool_name`. The arguments are not stored here and cannot be read from the
    /// digest.
    ActionCommitment(std::string_view tool_name, std::string_view canonical_arguments);

    /// The same, but keyed with `key`, and also over `shown`, a digest of what else reviewers are shown. Anyone who has
    /// `key` can recompute it later; nobody else can make one for another view.
    ActionCommitment(const detail::SecretKey& key, std::string shown, std::string_view tool_name,
                     std::string_view canonical_arguments);

    /// Hexadecimal; safe to store and show.
    [[nodiscard]] const std::string& digest() const noexcept { return digest_; }

    /// Whether these are the tool and the arguments that were committed to.
    [[nodiscard]] bool fits(std::string_view tool_name, std::string_view canonical_arguments) const;

private:
    [[nodiscard]] std::string digest_of_action(std::string_view tool_name, std::string_view canonical_arguments) const;

    detail::SecretKey key_;
    std::string shown_;  // empty: the key is of this commitment alone
    std::string digest_;
};

}  // namespace approvekit
