// The most that a policy lets a reviewer grant with an approval.
#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <string>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

Policy policy_of_rule(const std::string& keys) {
    return Policy::from_yaml_text("rules: [{tool: pay, " + keys + "}]\n");
}

Policy policy_granting(const std::string& grants) {
    return policy_of_rule("require_approval: true, grants: " + grants);
}

}  // namespace

TEST_CASE("G17 a rule says how many calls, for how long and in which arguments a reviewer may grant") {
    const Policy policy = policy_granting("{uses: 20, for: 8h, bounds: [args.to, \"args.files[0]\"]}");
    const auto& grants = policy.rules().at(0).grants;
    REQUIRE(grants);
    CHECK(grants->uses == 20);
    CHECK(grants->lasts == 8h);
    CHECK(grants->bounds == std::vector<std::string>{"args.to", "args.files[0]"});
    const Ruling ruling = policy.evaluate("pay");
    CHECK(Json::parse(*ruling.metadata)["grants"] ==
          Json{{"uses", 20}, {"for", 28800}, {"bounds", {"args.to", "args.files[0]"}}});
    CHECK(Policy::from_json(policy.as_json()).digest() == policy.digest());
    CHECK(policy_granting("{uses: 20, for: 28800}").digest() != policy.digest());
    const Json nothing = Json::object();
    const PolicyExplanation why =
        policy.explain("pay", {.arguments = nothing, .context = nothing, .agent = {}, .environment = {}, .time = {}});
    CHECK(why.may_be_granted);
    CHECK_THAT(why.text(), ContainsSubstring("whose reviewer may grant 20 more like it within 28800 s") &&
                               ContainsSubstring("whether a grant covers it cannot be told without a record (--db)"));
}

TEST_CASE("G12 grants that are not understood are refused") {
    const auto refused = [](const std::string& grants, const std::string& why) {
        CAPTURE(grants);
        CHECK_THROWS_WITH(policy_granting(grants), ContainsSubstring(why));
    };
    refused("{for: 8h}", "has no uses; how many calls more, at most?");
    refused("{uses: 20}", "has no for; for how long, such as 8h?");
    refused("{uses: 0, for: 8h}", "expected a whole number from 1 to 10000");
    refused("{uses: 10001, for: 8h}", "expected a whole number from 1 to 10000");
    refused("{uses: 1.5, for: 8h}", "expected a whole number from 1 to 10000");
    refused("{uses: 20, for: 8d}", "expected whole seconds from 1 to 604800");
    refused("{uses: 20, for: 8h, bounds: []}", "names nothing; leave it out where nothing may differ");
    refused("{uses: 20, for: 8h, bounds: [context.why]}", "is not an argument");
    refused("{uses: 20, for: 8h, bounds: [args.a, args.a.b]}", "lies in \"args.a\", which may differ as a whole");
    refused("{uses: 20, for: 8h, bond: [args.a]}", "did you mean \"bounds\"?");
    refused("20", "expected");
}

TEST_CASE("G12 grants stand beside what one person approves, and beside nothing else") {
    const std::string grants = "grants: {uses: 2, for: 1h}";
    CHECK_THROWS_WITH(policy_of_rule("auto_approve: true, " + grants),
                      ContainsSubstring("nobody approves what the rule"));
    CHECK_THROWS_WITH(policy_of_rule("deny: no, " + grants), ContainsSubstring("nobody approves what the rule"));
    CHECK_THROWS_WITH(policy_of_rule("require_approval: true, observe: true, " + grants),
                      ContainsSubstring("nobody approves what the rule"));
    CHECK_THROWS_WITH(policy_of_rule("require_approval: true, approvals: 2, " + grants),
                      ContainsSubstring("lets one reviewer grant what takes 2 approvals"));
    CHECK_NOTHROW(policy_of_rule("require_approval: true, reviewers: [ada, bob], " + grants));
}
