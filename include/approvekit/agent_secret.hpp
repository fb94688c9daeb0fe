#pragma once

#include "approvekit/detail/secret_key.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace approvekit {

/// A secret that an agent keeps across restarts. With it, hidden arguments of calls with an idempotency key can still
/// be compared after a restart; see ApproveKit::Options. Only its id is ever written or shown.
///
/// Make one with `openssl rand -hex 32 > agent.secret && chmod 600 agent.secret`. Anyone who has both the secret and
/// the record can find hidden values by trial and error. Copies share the secret; it is wiped from memory when the last
/// copy is destroyed. Thread-safe.
class AgentSecret {
public:
    static constexpr std::size_t least_bytes = 32;

    /// Reads all bytes of a file. The file must belong to this user or to root, and nobody else may be able to read or
    /// write it. Throws Error (invalid_key) otherwise, and when the file has fewer than 32 bytes or more than 64 KiB.
    [[nodiscard]] static AgentSecret from_file(const std::filesystem::path& path);

    /// Reads the environment variable `name`. Throws Error (invalid_key) when it is not set or has fewer than 32 bytes.
    /// Do not call it while another thread changes the environment.
    [[nodiscard]] static AgentSecret from_environment(const std::string& name);

    /// Takes any bytes that nobody can guess. Throws Error (invalid_key) for fewer than 32.
    [[nodiscard]] static AgentSecret from_text(std::string_view text);

    /// Makes a random secret, which lasts as long as this process.
    [[nodiscard]] static AgentSecret random();

    /// 16 hexadecimal digits that identify the secret and reveal nothing else about it.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

    [[nodiscard]] const detail::SecretKey& key() const noexcept { return *key_; }

private:
    explicit AgentSecret(std::shared_ptr<const detail::SecretKey> key);

    std::shared_ptr<const detail::SecretKey> key_;
    std::string id_;
};

}  // namespace approvekit
