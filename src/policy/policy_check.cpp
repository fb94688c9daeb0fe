#include "approvekit/policy_check.hpp"

#include "policy/condition.hpp"
#include "policy/draft.hpp"
#include "policy/terms.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <utility>

namespace approvekit {
namespace {

std::string subject_of(const PolicyRule& rule, const policy::Condition* condition) {
    const std::string subject = rule.tool == any_tool ? "any other tool" : rule.tool;
    return condition == nullptr ? subject : subject + " when " + condition->text();
}

RuleEffect effect_of(const PolicyRule& rule, Action action, const policy::Condition* condition = nullptr) {
    const std::string hidden = rule.redact_fields.empty() ? "" : ", hides " + text::listed(rule.redact_fields);
    const std::string effect = policy::effect_text(rule, action);
    const std::string text = rule.observe ? "runs at once and is only observed, else " + effect : effect;
    return {.tool = rule.tool,
            .action = rule.observe ? Action::allow : action,
            .text = subject_of(rule, condition) + ": " + text + hidden};
}

/// Returns what becomes of calls that no rule matches. A tool that a rule names runs only under a rule that matches.
RuleEffect effect_on_others(const policy::Terms& terms, bool any_is_named) {
    const PolicyRule rule = policy::fallback_rule(terms);
    const Action action = policy::fallback_action(terms);
    return effect_of(rule, any_is_named && action == Action::allow ? Action::hold : action);
}

std::vector<RuleEffect> effects_of(const policy::Terms& terms) {
    std::vector<RuleEffect> effects;
    bool any_is_named = false;
    bool any_is_covered = false;
    for (std::size_t index = 0; index < terms.rules.size(); ++index) {
        const PolicyRule& rule = terms.rules[index];
        effects.push_back(effect_of(rule, policy::action_of(rule), terms.conditions[index].get()));
        any_is_named = any_is_named || rule.tool == any_tool;
        any_is_covered = any_is_covered || (rule.tool == any_tool && rule.when.is_null());
    }
    std::stable_partition(effects.begin(), effects.end(),
                          [](const RuleEffect& effect) { return effect.tool != any_tool; });
    if (!any_is_covered) effects.push_back(effect_on_others(terms, any_is_named));
    return effects;
}

std::string signing_of(const policy::Terms& terms) {
    if (terms.reviewers.empty()) return "decisions need no signature";
    std::vector<std::string> names;
    for (const TrustedReviewer& reviewer : terms.reviewers)
        names.push_back(reviewer.name);
    const bool one = names.size() == 1;
    return "decisions count only with the signature of " + std::string(one ? "" : "one of ") + text::listed(names);
}

Json as_json(const std::vector<RuleEffect>& effects) {
    Json list = Json::array();
    for (const RuleEffect& effect : effects) {
        list.push_back({{"tool", effect.tool}, {"action", to_string(effect.action)}, {"text", effect.text}});
    }
    return list;
}

}  // namespace

Json to_json_view(const std::vector<PolicyProblem>& problems) {
    Json list = Json::array();
    for (const PolicyProblem& problem : problems) {
        list.push_back({{"file", problem.file},
                        {"line", problem.line},
                        {"column", problem.column},
                        {"path", problem.path},
                        {"message", problem.message}});
    }
    return list;
}

std::string PolicyCheck::text() const {
    std::string text;
    for (const PolicyProblem& problem : problems)
        text += problem.text() + "\n";
    for (const RuleEffect& effect : effects)
        text += effect.text + "\n";
    if (usable()) text += signing + "\n";
    for (const PolicyProblem& warning : warnings)
        text += "warning: " + warning.text() + "\n";
    return text;
}

PolicyCheck check_policy(const std::filesystem::path& path) {
    policy::Draft draft = policy::draft_from_file(path);
    PolicyCheck check{.file = path.string(),
                      .problems = std::move(draft.problems),
                      .warnings = std::move(draft.warnings),
                      .effects = {},
                      .signing = {}};
    if (check.usable()) {
        check.effects = effects_of(draft.terms);
        check.signing = signing_of(draft.terms);
    }
    return check;
}

Json to_json_view(const PolicyCheck& check) {
    return {{"file", check.file},
            {"usable", check.usable()},
            {"problems", to_json_view(check.problems)},
            {"warnings", to_json_view(check.warnings)},
            {"rules", as_json(check.effects)},
            {"signing", check.signing}};
}

}  // namespace approvekit
