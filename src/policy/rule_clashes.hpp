#pragma once

#include "approvekit/policy.hpp"
#include "policy/document.hpp"
#include "policy/terms.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace approvekit::policy {

/// A rule that cannot stand beside another one.
struct Clash {
    std::size_t rule = 0;  ///< the one that comes too much, or that can never match
    std::string member;    ///< ".tool" or nothing
    std::string message;
};

/// Two rules of one name that match the same calls, and rules that another one of their name makes unreachable.
[[nodiscard]] std::vector<Clash> find_clashes(const std::vector<PolicyRule>& rules);

/// Whether `first` matches, by what both say in the same words, each call that `second` matches. Their names are not
/// looked at.
[[nodiscard]] bool always_matches_before(const PolicyRule& first, const PolicyRule& second);

/// Says which conditions are legal and yet may not be meant. `rules` are what those of `terms` were read from.
void find_condition_suspicions(const Terms& terms, const std::vector<Node>& rules, Problems& warnings);

}  // namespace approvekit::policy
