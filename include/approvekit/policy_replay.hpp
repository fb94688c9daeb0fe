#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// A recorded call that a policy would treat otherwise, or of which that cannot be told.
struct ReplayedCall {
    std::string entry_id;
    Time time{};
    std::string tool;
    Action before = Action::hold;
    std::optional<Action> after;  ///< missing: it cannot be told
    std::string why;              ///< the rule, or what the record does not tell
};

/// What a policy would have made of recorded calls. A plain value.
struct PolicyReplay {
    std::size_t calls = 0;
    std::size_t held_before = 0;
    std::size_t held_after = 0;               ///< of those that can be judged
    std::size_t unknown = 0;                  ///< those that cannot
    std::vector<ReplayedCall> calls_of_note;  ///< the newest first

    [[nodiscard]] bool changes_nothing() const noexcept { return calls_of_note.empty(); }
    /// For people, a line each. Hostile names in it are escaped.
    [[nodiscard]] std::string text() const;
};

/// Judges each call on record by the policy in a file, since `since` where it is given. The record keeps no environment
/// and no context, and hides what was redacted: a call of which a condition asks for that is not judged. Nor is one that
/// was held or denied where the rule by itself would not, and has a limit: limits are judged as though there were room.
/// Throws PolicyError for the policy and what the storage throws.
[[nodiscard]] PolicyReplay replay_policy(const std::filesystem::path& file, Storage& record, std::optional<Time> since);

/// For machines: {calls, held_before, held_after, unknown, changes: [{entry, time, tool, before, after, why}]}.
[[nodiscard]] Json to_json_view(const PolicyReplay& replay);

}  // namespace approvekit
