#include "approvekit/policy_explanation.hpp"
#include "approvekit/redaction.hpp"
#include "record/grant_coverage.hpp"

#include <string>

namespace approvekit {

void explain_grants(PolicyExplanation& explanation, const Policy& policy, const CallFacts& facts, Storage& record) {
    if (!explanation.may_be_granted) return;
    const Ruling ruling = policy.evaluate(explanation.tool, facts);
    ApprovalRequest request;
    request.tool_name = explanation.tool;
    request.agent = facts.agent;
    request.tool_args = redact(facts.arguments, ruling.rule->redact_fields, FingerprintKey()).value;
    request.metadata = Json::parse(*ruling.metadata);
    request.policy_digest = policy.digest();
    request.ours = true;
    explanation.grants.emplace();
    for (const GivenGrant& given : record.find_grants(explanation.tool, facts.agent)) {
        const auto objection =
            record::objection_to_use(given, {.request = request, .arguments = facts.arguments, .secret = nullptr});
        explanation.grants->push_back({.id = given.grant.id,
                                       .reviewer = given.grant.reviewer,
                                       .left = given.grant.terms.uses - given.grant.used,
                                       .covers = !objection,
                                       .reason = objection ? objection->reason : ""});
    }
}

}  // namespace approvekit
