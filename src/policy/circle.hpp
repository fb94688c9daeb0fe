#pragma once

#include "policy/terms.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// Whether `rule` says more about who decides than that one person does.
[[nodiscard]] bool has_quorum(const PolicyRule& rule);

/// Returns what the rule says about that, in the form of a policy file.
[[nodiscard]] Json quorum_as_json(const PolicyRule& rule);
/// Returns it in words, with a blank before them: " by 2 of finance, ada".
[[nodiscard]] std::string quorum_text(const PolicyRule& rule);
/// Returns what a request carries of it, with the groups replaced by their members. If the requester is excluded, the
/// member for that is `true` until the call names the requester.
[[nodiscard]] Json quorum_metadata(const PolicyRule& rule, const ReviewerGroups& groups);

/// Returns the people behind `names`, each once.
[[nodiscard]] std::vector<std::string> people_of(const std::vector<std::string>& names, const ReviewerGroups& groups);

/// A fault in a group, in what a rule says about who decides, or in a reviewer of the policy.
struct CircleFault {
    std::optional<std::size_t> rule;   ///< its index; nothing if the fault is in a group or a reviewer
    std::string group;                 ///< empty if the fault is in a rule or a reviewer
    std::string key;                   ///< of the rule: "approvals"; for "escalate", the fault is under its "to"
    std::optional<std::size_t> index;  ///< the index in that list, in the group, or among the reviewers
    std::string message;

    /// Returns for example "rules[0].reviewers[2]" or "groups.finance[1]".
    [[nodiscard]] std::string path() const;
};

/// Finds names that the policy does not know, people whose votes could not count, two names of one person, and rules
/// that need more approvals than there are people to give them.
[[nodiscard]] std::vector<CircleFault> find_circle_faults(const Terms& terms);

}  // namespace approvekit::policy
