#pragma once

#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// One thing that two policies say differently.
struct PolicyChange {
    enum class Kind { added, removed, changed, moved, name_moved };
    Kind kind = Kind::changed;
    std::string what;    ///< a rule by its tool and condition, a tool's name, or a key of the policy
    std::string before;  ///< empty for what was added, and for the place of a name that is new
    std::string after;   ///< empty for what was removed
};

/// What differs between two policies, in the order of the new one, what was removed last; empty for equal ones. A rule
/// is the same when its tool and its condition are. Of names with stars that are as specific as each other the first one
/// counts, so the order of those that both have is compared too, and the place is told of one that is new among them.
[[nodiscard]] std::vector<PolicyChange> diff_policies(const Policy& before, const Policy& after);

/// For people, a line each: "+ ...", "- ...", "~ ...: BEFORE -> AFTER".
[[nodiscard]] std::string to_text(const std::vector<PolicyChange>& changes);

/// For machines: {changes: [{kind, what, before, after}]}.
[[nodiscard]] Json to_json_view(const std::vector<PolicyChange>& changes);

}  // namespace approvekit
