#pragma once

#include "approvekit/signer.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace approvekit {

/// The cost of one guess at the passphrase of a key file (Argon2id).
struct SealCost {
    std::uint64_t passes = 3;
    std::uint64_t memory_bytes = std::uint64_t{256} << 20;
};

/// The key pair of one reviewer. The secret key is kept in memory that is locked, surrounded by guard pages, and wiped
/// when it is freed.
///
/// On disk it is encrypted with a passphrase, in a file with mode 0600. Reviewer name and public key in the file are
/// not encrypted. A handle: copies share the key. Thread-safe.
class ReviewerKey final : public Signer {
public:
    /// Generates a new key for `reviewer`. Throws Error: invalid_option for a name that a reviewer may not have,
    /// cryptography when the system cannot provide randomness or lockable memory.
    [[nodiscard]] static ReviewerKey generate(std::string reviewer);

    /// Opens a key file. Throws Error (invalid_key) for a wrong passphrase, and for a file that is not a key file, is
    /// accessible to others than its owner, or needs more than 1 GiB or 16 passes.
    [[nodiscard]] static ReviewerKey load(const std::filesystem::path& path, std::string_view passphrase);

    ReviewerKey(const ReviewerKey&) noexcept;
    ReviewerKey& operator=(const ReviewerKey&) noexcept;
    ~ReviewerKey() override;

    /// Writes a new key file. Throws Error (invalid_key) when `path` already exists (it is left unchanged), when the
    /// passphrase is shorter than minimum_passphrase_bytes, and when the file cannot be written.
    void save(const std::filesystem::path& path, std::string_view passphrase, const SealCost& cost = {}) const;

    [[nodiscard]] const std::string& name() const noexcept override;
    [[nodiscard]] const std::string& public_key() const noexcept override;
    [[nodiscard]] std::string sign(std::string_view statement) const override;

private:
    struct State;
    explicit ReviewerKey(std::shared_ptr<const State> state) noexcept;

    std::shared_ptr<const State> state_;
};

inline constexpr std::size_t minimum_passphrase_bytes = 8;

}  // namespace approvekit
