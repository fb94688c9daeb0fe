#pragma once

#include "approvekit/policy.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace approvekit::policy {

/// A rule that cannot be used together with another one.
struct Clash {
    std::size_t rule = 0;  ///< the rule that is one too many, or that can never match
    std::string member;    ///< ".tool", or empty
    std::string message;
};

/// Finds two rules of one name that match the same calls, and rules that another rule of their name makes unreachable.
[[nodiscard]] std::vector<Clash> find_clashes(const std::vector<PolicyRule>& rules);

/// Whether `first` matches every call that `second` matches, as far as both say it in the same words. Ignores their
/// names.
[[nodiscard]] bool always_matches_before(const PolicyRule& first, const PolicyRule& second);

}  // namespace approvekit::policy
