#include "approvekit/policy_explanation.hpp"

#include "approvekit/terminal_text.hpp"
#include "policy/terms.hpp"
#include "text/escape.hpp"

namespace approvekit {
namespace {

std::string outcome_words(const PolicyExplanation& explanation) {
    std::string words = explanation.action == Action::allow  ? "runs at once"
                        : explanation.action == Action::hold ? "held for approval"
                                                             : "denied";
    if (!explanation.would_have) return words;
    return words + "; without observe it would be " + (*explanation.would_have == Action::deny ? "denied" : "held");
}

std::string rule_text(const RuleTrace& rule) {
    std::string text = (rule.chosen ? "* " : "  ") + rule.place + " " + text::name_text(rule.tool) + ": " +
                       (rule.matches ? "matches" : "does not match") + " (" + rule.effect + ")\n";
    for (const ConditionTrace& condition : rule.conditions) {
        text += std::string(6 + 2 * condition.depth, ' ') + condition.text + ": " + condition.result + "\n";
    }
    return text;
}

Json trace_view(const RuleTrace& rule) {
    Json conditions = Json::array();
    for (const ConditionTrace& condition : rule.conditions) {
        conditions.push_back({{"text", condition.text}, {"result", condition.result}, {"depth", condition.depth}});
    }
    return {{"rule", rule.place},      {"tool", rule.tool},     {"effect", rule.effect},
            {"matches", rule.matches}, {"chosen", rule.chosen}, {"conditions", std::move(conditions)}};
}

}  // namespace

std::string PolicyExplanation::text() const {
    std::string text = text::name_text(tool) + ": " + outcome_words(*this) + "\n  " + reason + "\n";
    for (const RuleTrace& rule : rules)
        text += rule_text(rule);
    return text;
}

Json to_json_view(const PolicyExplanation& explanation) {
    Json rules = Json::array();
    for (const RuleTrace& rule : explanation.rules)
        rules.push_back(trace_view(rule));
    return {{"tool", explanation.tool},
            {"action", to_string(explanation.action)},
            {"would_have", explanation.would_have ? Json(to_string(*explanation.would_have)) : Json()},
            {"reason", explanation.reason},
            {"rules", std::move(rules)}};
}

}  // namespace approvekit
