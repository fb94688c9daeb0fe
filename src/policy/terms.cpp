#include "policy/terms.hpp"

#include "approvekit/metadata_keys.hpp"
#include "approvekit/signer.hpp"
#include "base/enum_names.hpp"
#include "policy/circle.hpp"
#include "policy/grants_reader.hpp"
#include "policy/limit.hpp"
#include "text/escape.hpp"

namespace approvekit {
namespace {

constexpr base::EnumNames<Unmatched, 3> unmatched_names({
    {Unmatched::hold, "hold"},
    {Unmatched::allow, "allow"},
    {Unmatched::deny, "deny"},
});

constexpr base::EnumNames<Action, 3> action_names({
    {Action::allow, "allow"},
    {Action::hold, "hold"},
    {Action::deny, "deny"},
});

constexpr base::EnumNames<Beyond, 2> beyond_names({
    {Beyond::hold, "hold"},
    {Beyond::deny, "deny"},
});

std::string seconds_text(std::chrono::seconds time) {
    return std::to_string(time.count()) + " s";
}

std::string run_limit_text(const PolicyRule& rule) {
    if (rule.run_timeout == std::chrono::seconds::zero()) return {};
    return ", asked to stop after running for " + seconds_text(rule.run_timeout);
}

std::string edit_text(const PolicyRule& rule) {
    std::string text;
    for (const std::string& path : rule.allow_edit)
        text += (text.empty() ? ", whose reviewer may edit " : ", ") + path;
    return text;
}

}  // namespace

std::string_view to_string(Unmatched unmatched) noexcept {
    return unmatched_names.text(unmatched);
}

std::string_view to_string(Action action) noexcept {
    return action_names.text(action);
}

std::string_view to_string(Beyond beyond) noexcept {
    return beyond_names.text(beyond);
}

namespace policy {

std::optional<Unmatched> parse_unmatched(std::string_view text) noexcept {
    return unmatched_names.value(text);
}

std::optional<Beyond> parse_beyond(std::string_view text) noexcept {
    return beyond_names.value(text);
}

std::optional<Action> parse_action(std::string_view text) noexcept {
    return action_names.value(text);
}

Json as_json(const PolicyRule& rule) {
    Json json = {{"tool", rule.tool},
                 {require_approval_key, rule.require_approval},
                 {auto_approve_key, rule.auto_approve},
                 {timeout_key, rule.timeout.count()},
                 {risk_level_key, rule.risk_level},
                 {redact_fields_key, rule.redact_fields},
                 {"metadata", rule.metadata}};
    if (rule.start_within) json[start_within_key] = rule.start_within->count();
    if (!rule.when.is_null()) json["when"] = rule.when;
    if (!rule.deny.empty()) json["deny"] = rule.deny;
    if (rule.observe) json["observe"] = true;
    if (rule.run_timeout != std::chrono::seconds::zero()) json[run_timeout_key] = rule.run_timeout.count();
    if (rule.limit) json[limit_key] = as_json(*rule.limit);
    if (has_quorum(rule)) json.update(quorum_as_json(rule));
    if (!rule.allow_edit.empty()) json[allow_edit_key] = rule.allow_edit;
    if (rule.grants) json[grants_key] = as_json(*rule.grants);
    if (rule.allow_answer) json[allow_answer_key] = true;
    return json;
}

Json as_json(const std::vector<TrustedReviewer>& reviewers) {
    Json list = Json::array();
    for (const TrustedReviewer& reviewer : reviewers) {
        list.push_back({{"name", reviewer.name}, {"key", std::string(public_key_prefix) + reviewer.public_key}});
    }
    return list;
}

Json as_json(const Terms& terms) {
    Json json = {{"default_timeout", terms.default_timeout.count()},
                 {"unmatched", to_string(terms.unmatched)},
                 {"rules", Json::array()}};
    for (const PolicyRule& rule : terms.rules)
        json["rules"].push_back(as_json(rule));
    if (!terms.groups.empty()) json["groups"] = terms.groups;
    if (!terms.reviewers.empty()) json["reviewers"] = as_json(terms.reviewers);
    return json;
}

Json request_metadata(const PolicyRule& rule, const ReviewerGroups& groups) {
    Json metadata = rule.metadata;
    metadata[risk_level_key] = rule.risk_level;
    metadata[timeout_key] = rule.timeout.count();
    if (rule.start_within) metadata[start_within_key] = rule.start_within->count();
    if (rule.run_timeout != std::chrono::seconds::zero()) metadata[run_timeout_key] = rule.run_timeout.count();
    metadata[require_approval_key] = rule.require_approval;
    metadata[auto_approve_key] = rule.auto_approve;
    metadata[redact_fields_key] = rule.redact_fields;
    if (has_quorum(rule)) metadata[quorum_key] = quorum_metadata(rule, groups);
    if (!rule.allow_edit.empty()) metadata[allow_edit_key] = rule.allow_edit;
    if (rule.grants) metadata[grants_key] = as_json(*rule.grants);
    if (rule.allow_answer) metadata[allow_answer_key] = true;
    return metadata;
}

Action action_of(const PolicyRule& rule) noexcept {
    if (!rule.deny.empty()) return Action::deny;
    return rule.require_approval ? Action::hold : Action::allow;
}

std::string effect_text(const PolicyRule& rule, Action action) {
    const std::string rest = run_limit_text(rule) + limit_text(rule) + ", risk " + rule.risk_level;
    switch (action) {
        case Action::allow:
            return "runs at once" + rest;
        case Action::hold:
            return "held for approval" + quorum_text(rule) + " for " + seconds_text(rule.timeout) +
                   (rule.start_within ? ", to start within " + seconds_text(*rule.start_within) + " of it" : "") +
                   edit_text(rule) + grants_text(rule) +
                   (rule.allow_answer ? ", whose reviewer may answer instead" : "") + rest;
        case Action::deny:
            break;
    }
    return rule.deny.empty() ? "denied" : "denied: " + text::quote(rule.deny);
}

PolicyRule fallback_rule(const Terms& terms) {
    return {.tool = std::string(any_tool),
            .require_approval = terms.unmatched == Unmatched::hold,
            .auto_approve = terms.unmatched == Unmatched::allow,
            .timeout = terms.default_timeout,
            .risk_level = "medium",
            .redact_fields = {},
            .metadata = Json::object()};
}

Action fallback_action(const Terms& terms) noexcept {
    switch (terms.unmatched) {
        case Unmatched::allow:
            return Action::allow;
        case Unmatched::deny:
            return Action::deny;
        case Unmatched::hold:
            break;
    }
    return Action::hold;
}

}  // namespace policy
}  // namespace approvekit
