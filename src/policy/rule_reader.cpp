#include "policy/rule_reader.hpp"

#include "approvekit/metadata_keys.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/value_reader.hpp"
#include "redaction/field_names.hpp"

#include <array>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_tool_bytes = 256;
constexpr std::size_t most_risk_level_bytes = 64;
constexpr std::size_t most_deny_bytes = 1000;
constexpr std::size_t most_fields = 256;
constexpr std::size_t most_field_bytes = 256;

}  // namespace

ReadRule RuleReader::read(const Node& node, const std::string& path, std::chrono::seconds default_timeout) {
    static constexpr std::array<KnownKey<RuleReader>, 20> keys = {{
        {"tool", &RuleReader::read_tool},
        {require_approval_key, &RuleReader::read_require_approval},
        {auto_approve_key, &RuleReader::read_auto_approve},
        {timeout_key, &RuleReader::read_timeout},
        {start_within_key, &RuleReader::read_start_within},
        {risk_level_key, &RuleReader::read_risk_level},
        {redact_fields_key, &RuleReader::read_redact_fields},
        {"metadata", &RuleReader::read_metadata},
        {"when", &RuleReader::read_when},
        {"deny", &RuleReader::read_deny},
        {"observe", &RuleReader::read_observe},
        {run_timeout_key, &RuleReader::read_run_timeout},
        {limit_key, &RuleReader::read_limit},
        {reviewers_key, &RuleReader::read_reviewers},
        {approvals_key, &RuleReader::read_approvals},
        {not_requester_key, &RuleReader::read_not_requester},
        {escalate_key, &RuleReader::read_escalate},
        {allow_edit_key, &RuleReader::read_allow_edit},
        {grants_key, &RuleReader::read_grants},
        {allow_answer_key, &RuleReader::read_allow_answer},
    }};
    rule_ = PolicyRule();
    condition_ = nullptr;
    rule_.timeout = default_timeout;
    if (values_.is_mapping(node, path)) {
        read_mapping(node, path, keys, *this, problems_, "; a rule's own keys go under metadata");
        check_as_a_whole(node, path);
    }
    return {std::move(rule_), std::move(condition_)};
}

void RuleReader::read_tool(const Node& value, const std::string& path) {
    auto tool = values_.name(value, path, most_tool_bytes);
    if (tool && tool->find("**") != std::string::npos) {
        values_.report(value, path, quote(*tool) + " has two stars side by side; one stands for anything already");
    }
    rule_.tool = std::move(tool).value_or("");
}

void RuleReader::read_require_approval(const Node& value, const std::string& path) {
    rule_.require_approval = values_.boolean(value, path).value_or(false);
}

void RuleReader::read_auto_approve(const Node& value, const std::string& path) {
    rule_.auto_approve = values_.boolean(value, path).value_or(false);
}

void RuleReader::read_timeout(const Node& value, const std::string& path) {
    rule_.timeout = values_.timeout(value, path).value_or(rule_.timeout);
}

void RuleReader::read_start_within(const Node& value, const std::string& path) {
    rule_.start_within = values_.timeout(value, path);
}

void RuleReader::read_risk_level(const Node& value, const std::string& path) {
    rule_.risk_level = values_.name(value, path, most_risk_level_bytes).value_or("");
}

void RuleReader::read_redact_fields(const Node& value, const std::string& path) {
    const auto* fields = values_.list(value, path, "names");
    if (fields == nullptr) return;
    if (fields->size() > most_fields) {
        values_.report(value, path, "has more than " + std::to_string(most_fields) + " names");
        return;
    }
    for (std::size_t index = 0; index < fields->size(); ++index) {
        read_redact_field((*fields)[index], child_path(path, index));
    }
}

void RuleReader::read_redact_field(const Node& value, const std::string& path) {
    auto field = values_.name(value, path, most_field_bytes);
    if (!field) return;
    if (const std::string fault = redaction::field_fault(*field); !fault.empty()) {
        values_.report(value, path, quote(*field) + " " + fault);
    }
    rule_.redact_fields.push_back(*std::move(field));
}

void RuleReader::read_when(const Node& value, const std::string& path) {
    if (auto condition = conditions_.read(value, path)) {
        rule_.when = values_.json(value, path).value_or(nullptr);
        condition_ = std::make_shared<Condition>(*std::move(condition));
    }
}

void RuleReader::read_deny(const Node& value, const std::string& path) {
    rule_.deny = values_.name(value, path, most_deny_bytes).value_or("");
}

void RuleReader::read_observe(const Node& value, const std::string& path) {
    rule_.observe = values_.boolean(value, path).value_or(false);
}

void RuleReader::read_run_timeout(const Node& value, const std::string& path) {
    rule_.run_timeout = values_.timeout(value, path).value_or(rule_.run_timeout);
}

void RuleReader::read_limit(const Node& value, const std::string& path) {
    rule_.limit = limits_.read(value, path);
}

void RuleReader::read_reviewers(const Node& value, const std::string& path) {
    rule_.reviewers = quorums_.names(value, path);
}

void RuleReader::read_approvals(const Node& value, const std::string& path) {
    rule_.approvals = quorums_.approvals(value, path);
}

void RuleReader::read_not_requester(const Node& value, const std::string& path) {
    rule_.not_requester = values_.boolean(value, path).value_or(false);
}

void RuleReader::read_escalate(const Node& value, const std::string& path) {
    rule_.escalate = quorums_.escalation(value, path);
}

void RuleReader::read_allow_edit(const Node& value, const std::string& path) {
    rule_.allow_edit = read_argument_paths(values_, value, path, "be edited");
}

void RuleReader::read_grants(const Node& value, const std::string& path) {
    rule_.grants = grants_.read(value, path);
}

void RuleReader::read_allow_answer(const Node& value, const std::string& path) {
    rule_.allow_answer = values_.boolean(value, path).value_or(false);
}

void RuleReader::read_metadata(const Node& value, const std::string& path) {
    for (const std::string_view key : reserved_metadata_keys) {
        if (const Node* taken = value.find(key)) {
            values_.report(*taken, child_path(path, key), "is set by the rule itself; give this key another name");
        }
    }
    rule_.metadata = values_.object(value, path).value_or(Json::object());
}

void RuleReader::check_as_a_whole(const Node& node, const std::string& path) {
    if (node.find("tool") == nullptr) values_.report(node, path, "has no tool; which one is it for?");
    if (rule_.require_approval && rule_.auto_approve) {
        values_.report(node, path, "require_approval and auto_approve contradict each other; only one may be true");
    }
    if (!rule_.deny.empty() && (rule_.require_approval || rule_.auto_approve)) {
        values_.report(node, path, "denies, so that neither require_approval nor auto_approve may be true beside it");
    }
    if (rule_.observe && action_of(rule_) == Action::allow) {
        values_.report(node, path, "observes nothing: observe goes beside require_approval: true or deny");
    }
    limits_.check(rule_, node, path);
    quorums_.check(rule_, node, path);
    grants_.check(rule_, node, path);
    if (!rule_.allow_edit.empty() && !rule_.require_approval) {
        values_.report(node, path,
                       "lets arguments be edited, and holds nothing: allow_edit goes beside require_approval: true");
    }
    quorums_.check_answer(rule_, node, path);
    if (rule_.run_timeout != std::chrono::seconds::zero() && (rule_.observe || !rule_.deny.empty())) {
        values_.report(node, path, "has a run_timeout, and it is not this rule that lets a call run; leave it out");
    }
}

}  // namespace approvekit::policy
