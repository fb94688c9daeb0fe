#include "property.hpp"

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace approvekit::fuzz {
namespace {

using Reader = Policy (*)(std::string_view text, std::string_view name);

std::optional<Policy> read(Reader reader, std::string_view bytes) {
    try {
        return reader(bytes, "policy");
    } catch (const PolicyError& error) {
        require(!error.problems().empty(), "a refusal says why");
        return std::nullopt;
    }
}

void require_same(const Policy& policy, const Policy& other) {
    require(other.as_json() == policy.as_json(), "a policy says the same after a way through JSON");
    require(other.digest() == policy.digest(), "the same policy has the same digest");
}

bool is_plain(const PolicyRule& rule) {
    const bool is_one_name = rule.tool == any_tool || rule.tool.find('*') == std::string::npos;
    return is_one_name && rule.when.is_null() && rule.deny.empty() && !rule.observe;
}

/// What holds for every policy, whatever its rules say about arguments.
void require_strict(const Policy& policy) {
    const Json nothing = Json::object();
    for (const PolicyRule& rule : policy.rules()) {
        const CallFacts facts{.arguments = nothing, .context = nothing, .agent = {}, .environment = {}, .time = {}};
        const Ruling by_name = policy.evaluate(rule.tool);
        const Ruling ruling = policy.evaluate(rule.tool, facts);
        require(policy.explain(rule.tool, facts).action == ruling.action, "an explanation tells what is done");
        require(by_name.action != Action::allow || ruling.action == Action::allow, "a name alone loosens nothing");
        require(Json::parse(*ruling.metadata)["redact_fields"] == Json(ruling.rule->redact_fields),
                "a request tells what is hidden");
    }
}

void require_obeyed(const Policy& policy) {
    if (!std::all_of(policy.rules().begin(), policy.rules().end(), is_plain)) return;
    for (const PolicyRule& rule : policy.rules()) {
        const Ruling ruling = policy.evaluate(rule.tool);
        require(ruling.rule->tool == rule.tool, "a tool's own rule is the one that counts");
        require((ruling.action == Action::hold) == rule.require_approval, "what requires approval is held");
        require(!(rule.require_approval && rule.auto_approve), "no rule contradicts itself");
        require(rule.timeout >= std::chrono::seconds(1), "every call gets time");
    }
}

void check(Reader reader, std::string_view bytes) {
    const std::optional<Policy> policy = read(reader, bytes);
    if (!policy) return;
    require_same(*policy, Policy::from_json(policy->as_json()));
    require_same(*policy, Policy::from_json_text(policy->as_json().dump()));
    require_strict(*policy);
    require_obeyed(*policy);
}

}  // namespace

void policy_yaml(std::string_view bytes) {
    check(&Policy::from_yaml_text, bytes);
}

void policy_json(std::string_view bytes) {
    check(&Policy::from_json_text, bytes);
}

}  // namespace approvekit::fuzz
