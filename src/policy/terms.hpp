#pragma once

#include "approvekit/policy.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

inline constexpr std::chrono::seconds shortest_timeout{1};
inline constexpr std::chrono::seconds longest_timeout{604'800};

class Condition;

/// A call and what a policy's own test expects of it. A plain value.
struct TestCase {
    std::string place;  ///< "tests[3]"
    std::string tool;
    Json arguments = Json::object();
    Json context = Json::object();
    std::string agent;
    std::string environment;
    std::optional<Time> time;
    Action expected = Action::hold;
    std::optional<Action> would_have;
};

/// What a policy says, without what follows from it. A plain value.
struct Terms {
    std::chrono::seconds default_timeout{300};
    Unmatched unmatched = Unmatched::hold;
    std::vector<PolicyRule> rules;
    std::vector<std::shared_ptr<const Condition>> conditions;  ///< of each rule; null if it has none
    std::vector<TrustedReviewer> reviewers;
    ReviewerGroups groups;
    std::vector<TestCase> tests;  ///< not part of what the policy says
};

[[nodiscard]] std::optional<Beyond> parse_beyond(std::string_view text) noexcept;
[[nodiscard]] std::optional<Action> parse_action(std::string_view text) noexcept;
[[nodiscard]] std::optional<Unmatched> parse_unmatched(std::string_view text) noexcept;

/// Returns the form of a policy file. The metadata of `rule` must be an object.
[[nodiscard]] Json as_json(const PolicyRule& rule);
[[nodiscard]] Json as_json(const std::vector<TrustedReviewer>& reviewers);
[[nodiscard]] Json as_json(const Terms& terms);

/// Returns the metadata of requests and entries under `rule`: the rule's own keys and what the rule itself says, with
/// groups replaced by their members.
[[nodiscard]] Json request_metadata(const PolicyRule& rule, const ReviewerGroups& groups);

/// Returns what `rule` means for a call, or would mean if it did not only observe.
[[nodiscard]] Action action_of(const PolicyRule& rule) noexcept;

/// Returns the same in words: "held for approval for 60 s, risk high".
[[nodiscard]] std::string effect_text(const PolicyRule& rule, Action action);

/// The rule for tools that no rule matches, and what it means.
[[nodiscard]] PolicyRule fallback_rule(const Terms& terms);
[[nodiscard]] Action fallback_action(const Terms& terms) noexcept;

}  // namespace approvekit::policy
