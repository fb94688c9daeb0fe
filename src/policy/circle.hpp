#pragma once

#include "policy/terms.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// Whether `rule` says more of who decides than that one person does.
[[nodiscard]] bool has_quorum(const PolicyRule& rule);

/// What it says, in the form that a policy file has.
[[nodiscard]] Json quorum_as_json(const PolicyRule& rule);
/// In words, with a blank before them: " by 2 of finance, ada".
[[nodiscard]] std::string quorum_text(const PolicyRule& rule);
/// What a request carries of it: the groups replaced by their members. That somebody is left out as the requester is
/// true there until the call says who that is.
[[nodiscard]] Json quorum_metadata(const PolicyRule& rule, const ReviewerGroups& groups);

/// The people behind `names`, each once.
[[nodiscard]] std::vector<std::string> people_of(const std::vector<std::string>& names, const ReviewerGroups& groups);

/// What is wrong with a group, with who decides by a rule, or with a reviewer of the policy.
struct CircleFault {
    std::optional<std::size_t> rule;   ///< its place; nothing: it is the group or the reviewer
    std::string group;                 ///< empty: it is the rule or the reviewer
    std::string key;                   ///< of the rule: "approvals"; of "escalate", what is under "to"
    std::optional<std::size_t> index;  ///< the place in the list there, in the group, or among the reviewers
    std::string message;

    /// "rules[0].reviewers[2]", or "groups.finance[1]".
    [[nodiscard]] std::string path() const;
};

/// Whom the policy does not know, whose votes could not count, two names of one person, and rules that more people have to
/// approve than there are.
[[nodiscard]] std::vector<CircleFault> find_circle_faults(const Terms& terms);

}  // namespace approvekit::policy
