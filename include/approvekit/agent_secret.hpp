#pragma once

#include "approvekit/detail/secret_key.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace approvekit {

/// A secret that an agent keeps from one start to the next, so that hidden arguments of calls with an idempotency key can
/// be compared after a restart; see ApproveKit::Options. Nothing of it is ever written or shown, but for its id.
///
/// Make one with `openssl rand -hex 32 > agent.secret && chmod 600 agent.secret`. Whoever has it and the record can try
/// out what was hidden. Copies share it; it is wiped with the last one. Concurrent use is safe.
class AgentSecret {
public:
    static constexpr std::size_t least_bytes = 32;

    /// All bytes of a file that belongs to this user or to root, and that nobody else can read or write.
    /// Throws Error (invalid_key) otherwise, and for one with fewer than 32 bytes or more than 64 KiB.
    [[nodiscard]] static AgentSecret from_file(const std::filesystem::path& path);

    /// The text of the environment variable `name`. Throws Error (invalid_key) when there is none, or has fewer than 32
    /// bytes. Do not call it while another thread changes the environment.
    [[nodiscard]] static AgentSecret from_environment(const std::string& name);

    /// Any bytes that nobody can guess. Throws Error (invalid_key) for fewer than 32.
    [[nodiscard]] static AgentSecret from_text(std::string_view text);

    /// One that lasts as long as this process.
    [[nodiscard]] static AgentSecret random();

    /// 16 hexadecimal digits that tell secrets apart and say nothing else of them.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

    [[nodiscard]] const detail::SecretKey& key() const noexcept { return *key_; }

private:
    explicit AgentSecret(std::shared_ptr<const detail::SecretKey> key);

    std::shared_ptr<const detail::SecretKey> key_;
    std::string id_;
};

}  // namespace approvekit
