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

/// What one condition comes to for a call. Tells no value of the call.
struct ConditionTrace {
    std::string text;       ///< "args.amount lte 100"; "all", "any" and "not" stand before what they join
    std::string result;     ///< "true", "false" or "unknown"
    std::size_t depth = 0;  ///< how many others it stands in
};

/// What became of one rule whose name fits the tool.
struct RuleTrace {
    std::string place;  ///< "rules[2]"
    std::string tool;
    std::string effect;  ///< "held for approval for 60 s, risk high"
    bool matches = false;
    bool chosen = false;
    std::vector<ConditionTrace> conditions;  ///< empty for a rule without any
};

/// What a grant on record makes of a call that its rule holds. A plain value.
struct GrantTrace {
    std::string id;
    std::string reviewer;   ///< whose grant it is
    std::int64_t left = 0;  ///< how many calls it lets start still
    bool covers = false;    ///< where it is signed: if its agent finds that the signature stands
    std::string reason;     ///< why it does not; empty where it does
};

/// Why a policy decides on a call as it does. A plain value.
struct PolicyExplanation {
    std::string tool;
    Action action = Action::hold;
    std::optional<Action> would_have;    ///< what a rule that only observes would have done
    std::string reason;                  ///< one sentence
    std::optional<LimitUse> limit = {};  ///< what the call takes of the limit of the rule that decides
    /// What is used of that by now, in millionths. Only a record tells (Storage::used); nothing: it was not asked.
    std::optional<std::int64_t> limit_used = {};
    /// Whether the rule that holds the call lets a reviewer grant more like it.
    bool may_be_granted = false;
    /// The live grants for the tool and the agent. Only a record tells (explain_grants); nothing: it was not asked.
    std::optional<std::vector<GrantTrace>> grants = {};
    std::vector<RuleTrace> rules;  ///< of every name that fits, the most specific first

    /// For people, several lines. Hostile names in it are escaped.
    [[nodiscard]] std::string text() const;

    /// Whether the call is beyond its limit; nothing where it has none, or where nobody asked a record.
    [[nodiscard]] std::optional<bool> is_beyond_limit() const;
};

/// Adds what the grants on `record` make of the call that was explained, of which `facts` are. What is hidden of its
/// arguments cannot be compared here. Throws StorageError, and ArgumentsRefusedError for arguments that no reviewer could be
/// shown.
void explain_grants(PolicyExplanation& explanation, const Policy& policy, const CallFacts& facts, Storage& record);

/// For machines: {tool, action, would_have, reason, limit: {amount, most, used, beyond, is_beyond, words}, grants: [{id,
/// reviewer, left, covers, reason}], rules: [{rule,
/// tool, effect, matches, chosen, conditions: [{text, result, depth}]}]}.
[[nodiscard]] Json to_json_view(const PolicyExplanation& explanation);

}  // namespace approvekit
