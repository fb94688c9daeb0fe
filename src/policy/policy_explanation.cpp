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

std::string grants_line(const PolicyExplanation& explanation) {
    if (!explanation.may_be_granted) return {};
    if (!explanation.grants) return "  whether a grant covers it cannot be told without a record (--db)\n";
    if (explanation.grants->empty()) return "  no live grant is for this tool and this agent\n";
    std::string text;
    for (const GrantTrace& grant : *explanation.grants) {
        text += "  grant " + text::name_text(grant.id) + " of " + text::name_text(grant.reviewer);
        text += grant.covers ? " covers it, so that it runs at once: " + std::to_string(grant.left) + " left\n"
                             : " does not cover it: " + text::escape(grant.reason) + "\n";
    }
    return text;
}

Json grants_view(const std::optional<std::vector<GrantTrace>>& grants) {
    if (!grants) return nullptr;
    Json list = Json::array();
    for (const GrantTrace& grant : *grants) {
        list.push_back({{"id", grant.id},
                        {"reviewer", grant.reviewer},
                        {"left", grant.left},
                        {"covers", grant.covers},
                        {"reason", grant.reason}});
    }
    return list;
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
    std::string text = text::name_text(tool) + ": " + outcome_words(*this) + "\n  " + reason + "\n" +
                       limit_line(*this) + grants_line(*this);
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
            {"grants", grants_view(explanation.grants)},
            {"rules", std::move(rules)}};
}

}  // namespace approvekit
