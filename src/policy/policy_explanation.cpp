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

std::string limit_line(const PolicyExplanation& explanation) {
    if (!explanation.limit) return {};
    const LimitUse& limit = *explanation.limit;
    const std::string then = limit.beyond == Beyond::hold ? "held" : "denied";
    const auto is_beyond = explanation.is_beyond_limit();
    if (!is_beyond)
        return "  its limit cannot be judged without a record (--db); beyond it the call would be " + then + "\n";
    const std::string text = "  " + amount_text(*explanation.limit_used) + " of " + amount_text(limit.most) +
                             " of its limit are used, and it takes " + amount_text(limit.amount) + ": ";
    return text + (*is_beyond ? "beyond it, so that the call would be " + then : std::string("within it")) + "\n";
}

Json limit_view(const PolicyExplanation& explanation) {
    if (!explanation.limit) return nullptr;
    const LimitUse& limit = *explanation.limit;
    const auto is_beyond = explanation.is_beyond_limit();
    return {{"amount", amount_text(limit.amount)},
            {"most", amount_text(limit.most)},
            {"used", explanation.limit_used ? Json(amount_text(*explanation.limit_used)) : Json()},
            {"beyond", to_string(limit.beyond)},
            {"is_beyond", is_beyond ? Json(*is_beyond) : Json()},
            {"words", limit.words}};
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
    std::string text = text::name_text(tool) + ": " + outcome_words(*this) + "\n  " + reason + "\n" + limit_line(*this);
    for (const RuleTrace& rule : rules)
        text += rule_text(rule);
    return text;
}

std::optional<bool> PolicyExplanation::is_beyond_limit() const {
    if (!limit || !limit_used) return std::nullopt;
    return !limit->is_measured || limit->amount > limit->most || *limit_used > limit->most - limit->amount;
}

Json to_json_view(const PolicyExplanation& explanation) {
    Json rules = Json::array();
    for (const RuleTrace& rule : explanation.rules)
        rules.push_back(trace_view(rule));
    return {{"tool", explanation.tool},
            {"action", to_string(explanation.action)},
            {"would_have", explanation.would_have ? Json(to_string(*explanation.would_have)) : Json()},
            {"reason", explanation.reason},
            {"limit", limit_view(explanation)},
            {"rules", std::move(rules)}};
}

}  // namespace approvekit
