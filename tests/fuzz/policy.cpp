#include "property.hpp"

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

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

void require_obeyed(const Policy& policy) {
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
