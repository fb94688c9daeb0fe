#pragma once

#include "approvekit/approvekit.hpp"
#include "approvekit/sqlite_storage.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace approvekit::bench {

inline constexpr const char* tool_name = "send_email";

/// The arguments of every measured call: about 250 bytes.
[[nodiscard]] const Json& sample_arguments();

/// A policy with one rule, for the tool that is measured.
[[nodiscard]] Policy allowing_policy();
/// The same under a limit that is never reached.
[[nodiscard]] Policy limiting_policy();
/// A rule that holds it, and lets a reviewer grant more than is measured.
[[nodiscard]] Policy granting_policy();
[[nodiscard]] Policy holding_policy(std::chrono::seconds timeout = std::chrono::hours{1});

/// Whether a file that is open to other programs has a rollback journal with this SQLite.
[[nodiscard]] bool has_journal() noexcept;

/// An agent with its storage, as a program has it.
struct SampleAgent {
    SampleAgent(const std::filesystem::path& database, Policy policy, Durability durability = Durability::full,
                Sharing sharing = Sharing::closed);

    /// With a record of any engine that is already open.
    SampleAgent(std::shared_ptr<Storage> opened, Policy policy)
        : storage(std::move(opened)), kit(std::move(policy), storage) {}

    /// One guarded call, whose tool does nothing.
    void call() const;
    /// Makes the next calls run by a grant.
    void grant() const;

    std::shared_ptr<Storage> storage;
    ApproveKit kit;
};

}  // namespace approvekit::bench
