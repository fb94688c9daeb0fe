#pragma once

#include "approvekit/json.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

class Storage;

/// The result of one condition for a call. Contains no value of the call.
struct ConditionTrace {
    std::string text;       ///< "args.amount lte 100"; "all", "any" and "not" come before the conditions that they join
    std::string result;     ///< "true", "false" or "unknown"
    std::size_t depth = 0;  ///< how many other conditions it is nested in
};

/// The result for one rule whose name matches the tool.
struct RuleTrace {
    std::string place;  ///< "rules[2]"
    std::string tool;
    std::string effect;  ///< "held for approval for 60 s, risk high"
    bool matches = false;
    bool chosen = false;
    std::vector<ConditionTrace> conditions;  ///< empty for a rule without conditions
};

/// What a grant in the record does for a call that its rule holds. A plain value.
struct GrantTrace {
    std::string id;
    std::string reviewer;   ///< who gave it
    std::int64_t left = 0;  ///< how many more calls may start under it
    /// Whether it covers the call; for a signed grant, provided that the agent finds the signature valid.
    bool covers = false;
    std::string reason;  ///< why it does not cover the call; empty when it does
};

/// Explains a policy's ruling on a call. A plain value.
struct PolicyExplanation {
    std::string tool;
    Action action = Action::hold;
    std::optional<Action> would_have;    ///< what a rule with `observe` would have done
    std::string reason;                  ///< one sentence
    std::optional<LimitUse> limit = {};  ///< how much the call uses of the deciding rule's limit
    /// How much of that limit is used now, in millionths. Comes from a record (Storage::used); nothing: no record was
    /// asked.
    std::optional<std::int64_t> limit_used = {};
    /// Whether the rule that holds the call lets a reviewer grant more calls like it.
    bool may_be_granted = false;
    /// The live grants for the tool and the agent. They come from a record (explain_grants); nothing: no record was
    /// asked.
    std::optional<std::vector<GrantTrace>> grants = {};
    std::vector<RuleTrace> rules;  ///< the rules of every matching name, the most specific name first

    /// For people, several lines. Hostile names are escaped.
    [[nodiscard]] std::string text() const;

    /// Whether the call exceeds its limit. Nothing when it has no limit, or when no record was asked.
    [[nodiscard]] std::optional<bool> is_beyond_limit() const;
};

/// Adds to the explanation what the grants in `record` do for the explained call; `facts` must be those of that call.
/// Hidden arguments cannot be compared here. Throws StorageError, and ArgumentsRefusedError for arguments that cannot
/// be shown to a reviewer.
void explain_grants(PolicyExplanation& explanation, const Policy& policy, const CallFacts& facts, Storage& record);

/// For machines: {tool, action, would_have, reason, limit: {amount, most, used, beyond, is_beyond, words}, grants:
/// [{id, reviewer, left, covers, reason}], rules: [{rule, tool, effect, matches, chosen, conditions: [{text, result,
/// depth}]}]}.
[[nodiscard]] Json to_json_view(const PolicyExplanation& explanation);

}  // namespace approvekit
