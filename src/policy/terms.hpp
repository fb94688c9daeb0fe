#pragma once

#include "approvekit/policy.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

inline constexpr std::chrono::seconds shortest_timeout{1};
inline constexpr std::chrono::seconds longest_timeout{604'800};

/// What a policy says, without what follows from it. A plain value.
struct Terms {
    std::chrono::seconds default_timeout{300};
    Unmatched unmatched = Unmatched::hold;
    std::vector<PolicyRule> rules;
    std::vector<TrustedReviewer> reviewers;
};

[[nodiscard]] std::optional<Unmatched> parse_unmatched(std::string_view text) noexcept;

/// In the form that a policy file has. The metadata of `rule` must be an object.
[[nodiscard]] Json as_json(const PolicyRule& rule);
[[nodiscard]] Json as_json(const std::vector<TrustedReviewer>& reviewers);
[[nodiscard]] Json as_json(const Terms& terms);

/// What requests and entries of `rule` carry as their metadata: the rule's own keys and what the rule says itself.
[[nodiscard]] Json request_metadata(const PolicyRule& rule);

/// What `rule` means for a call.
[[nodiscard]] Action action_of(const PolicyRule& rule) noexcept;

/// The rule that stands in for tools that no rule matches, and what it means.
[[nodiscard]] PolicyRule fallback_rule(const Terms& terms);
[[nodiscard]] Action fallback_action(const Terms& terms) noexcept;

}  // namespace approvekit::policy
