#include "approvekit/policy_check.hpp"

#include "policy/draft.hpp"
#include "policy/terms.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <utility>

namespace approvekit {
namespace {

std::string words_for(Action action, const PolicyRule& rule) {
    switch (action) {
        case Action::allow:
            return "runs at once, risk " + rule.risk_level;
        case Action::hold:
            return "held for approval for " + std::to_string(rule.timeout.count()) + " s, risk " + rule.risk_level;
        case Action::deny:
            break;
    }
    return "denied";
}

RuleEffect effect_of(const PolicyRule& rule, Action action) {
    const std::string subject = rule.tool == any_tool ? "any other tool" : rule.tool;
    const std::string hidden = rule.redact_fields.empty() ? "" : ", hides " + listed(rule.redact_fields);
    return {.tool = rule.tool, .action = action, .text = subject + ": " + words_for(action, rule) + hidden};
}

std::vector<RuleEffect> effects_of(const policy::Terms& terms) {
    std::vector<RuleEffect> effects;
    for (const PolicyRule& rule : terms.rules)
        effects.push_back(effect_of(rule, policy::action_of(rule)));

    const auto for_any =
        std::find_if(effects.begin(), effects.end(), [](const RuleEffect& effect) { return effect.tool == any_tool; });
    if (for_any == effects.end()) {
        effects.push_back(effect_of(policy::fallback_rule(terms), policy::fallback_action(terms)));
    } else {
        std::rotate(for_any, for_any + 1, effects.end());
    }
    return effects;
}

std::string signing_of(const policy::Terms& terms) {
    if (terms.reviewers.empty()) return "decisions need no signature";
    std::vector<std::string> names;
    for (const TrustedReviewer& reviewer : terms.reviewers)
        names.push_back(reviewer.name);
    const bool one = names.size() == 1;
    return "decisions count only with the signature of " + std::string(one ? "" : "one of ") + listed(names);
}

Json as_json(const std::vector<PolicyProblem>& problems) {
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

Json as_json(const std::vector<RuleEffect>& effects) {
    Json list = Json::array();
    for (const RuleEffect& effect : effects) {
        list.push_back({{"tool", effect.tool}, {"action", to_string(effect.action)}, {"text", effect.text}});
    }
    return list;
}

}  // namespace

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
            {"problems", as_json(check.problems)},
            {"warnings", as_json(check.warnings)},
            {"rules", as_json(check.effects)},
            {"signing", check.signing}};
}

}  // namespace approvekit
