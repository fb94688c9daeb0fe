#pragma once

#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// One difference between two policies.
struct PolicyChange {
    enum class Kind { added, removed, changed, moved, name_moved };
    Kind kind = Kind::changed;
    std::string what;    ///< a rule by its tool and condition, a tool's name, or a key of the policy
    std::string before;  ///< empty for what was added, and for the place of a new name
    std::string after;   ///< empty for what was removed
};

/// Returns what differs between two policies, in the order of the new one, followed by what was removed; empty for
/// equal policies. Two rules count as the same if tool and condition are the same. Among names with stars that are
/// equally specific, the first one applies. So the order of such names that both policies have is compared too, and for
/// a new one its place is reported.
[[nodiscard]] std::vector<PolicyChange> diff_policies(const Policy& before, const Policy& after);

/// For people, one per line: "+ ...", "- ...", "~ ...: BEFORE -> AFTER".
[[nodiscard]] std::string to_text(const std::vector<PolicyChange>& changes);

/// For machines: {changes: [{kind, what, before, after}]}.
[[nodiscard]] Json to_json_view(const std::vector<PolicyChange>& changes);

}  // namespace approvekit
