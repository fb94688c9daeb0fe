// Whether a rule lets reviewers answer: how it is read, and where it is shown.
#include "approvekit/policy.hpp"
#include "approvekit/policy_check.hpp"
#include "approvekit/policy_explanation.hpp"
#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

Policy answering(const std::string& rest) {
    return Policy::from_yaml_text("rules: [{tool: ask, " + rest + "}]");
}

}  // namespace

TEST_CASE("allow_answer travels with the request, and survives the way to JSON and back") {
    const Policy policy = answering("require_approval: true, allow_answer: true");
    CHECK(policy.rules().front().allow_answer);
    CHECK(Json::parse(*policy.evaluate("ask").metadata).at("allow_answer") == true);
    CHECK(Policy::from_json(policy.as_json()).digest() == policy.digest());
    const Policy silent = answering("require_approval: true, allow_answer: false");
    CHECK_FALSE(silent.rules().front().allow_answer);
    CHECK_FALSE(silent.as_json().at("rules").at(0).contains("allow_answer"));
    CHECK_FALSE(Json::parse(*silent.evaluate("ask").metadata).contains("allow_answer"));
    CHECK(policy.digest() != silent.digest());
}

TEST_CASE("allow_answer that means nothing is refused with its place") {
    CHECK_THROWS_WITH(answering("require_approval: true, allow_answer: yes please"),
                      ContainsSubstring("rules[0].allow_answer: "));
    for (const char* const rest : {"auto_approve: true", "deny: never", "risk_level: low"}) {
        CAPTURE(rest);
        CHECK_THROWS_WITH(answering(std::string(rest) + ", allow_answer: true"),
                          ContainsSubstring("lets calls be answered, and holds nothing"));
    }
    CHECK_THROWS_WITH(answering("require_approval: true, approvals: 2, allow_answer: true"),
                      ContainsSubstring("takes 2 approvals, and an answer is one person's"));
    CHECK_THROWS_WITH(answering("require_approval: true, metadata: {allow_answer: true}"),
                      ContainsSubstring("is set by the rule itself"));
    CHECK_NOTHROW(answering("limit: {calls: 1, per: 1h}, allow_answer: true"));
    CHECK_NOTHROW(answering("require_approval: true, reviewers: [ada], not_requester: true, allow_answer: true"));
}

TEST_CASE("policy check and explain tell that a call may be answered") {
    const Policy policy = answering("require_approval: true, timeout: 30, allow_answer: true");
    const Json nothing = Json::object();
    CHECK_THAT(
        policy.explain("ask", {.arguments = nothing, .context = nothing, .agent = {}, .environment = {}, .time = {}})
            .text(),
        ContainsSubstring("held for approval for 30 s, whose reviewer may answer instead"));
}
