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

/// A recorded call that a policy would treat differently, or for which this is not known.
struct ReplayedCall {
    std::string entry_id;
    Time time{};
    std::string tool;
    Action before = Action::hold;
    std::optional<Action> after;  ///< missing: not known
    std::string why;              ///< the rule, or what the record does not contain
};

/// What a policy would have done with recorded calls. A plain value.
struct PolicyReplay {
    std::size_t calls = 0;
    std::size_t held_before = 0;
    std::size_t held_after = 0;               ///< among the calls that can be judged
    std::size_t unknown = 0;                  ///< calls that cannot be judged
    std::vector<ReplayedCall> calls_of_note;  ///< newest first

    [[nodiscard]] bool changes_nothing() const noexcept { return calls_of_note.empty(); }
    /// For people, one per line. Hostile names are escaped.
    [[nodiscard]] std::string text() const;
};

/// Judges each call in the record by the policy in a file, from `since` on if it is given. The record does not keep
/// environment and context, and does not contain redacted values: a call is not judged if a condition needs one of
/// these. Limits are judged as if there were room. So a call that was held or denied is not judged either if its rule
/// has a limit and would not hold or deny it by itself. Throws PolicyError for the policy, and what the storage throws.
[[nodiscard]] PolicyReplay replay_policy(const std::filesystem::path& file, Storage& record, std::optional<Time> since);

/// For machines: {calls, held_before, held_after, unknown, changes: [{entry, time, tool, before, after, why}]}.
[[nodiscard]] Json to_json_view(const PolicyReplay& replay);

}  // namespace approvekit
