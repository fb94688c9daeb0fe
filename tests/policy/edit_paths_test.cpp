// Which arguments a rule lets reviewers edit: how it is read, and where it is shown.
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

Policy editing(const std::string& paths) {
    return Policy::from_yaml_text("rules: [{tool: mail, require_approval: true, allow_edit: " + paths + "}]");
}

}  // namespace

TEST_CASE("allow_edit names arguments, travels with the request, and survives the way to JSON and back") {
    const Policy policy = editing("[args.body, args.cc, \"args.files[0].name\", 'args[\"a.b\"]']");
    const std::vector<std::string> paths{"args.body", "args.cc", "args.files[0].name", "args[\"a.b\"]"};
    CHECK(policy.rules().front().allow_edit == paths);
    CHECK(Json::parse(*policy.evaluate("mail").metadata).at("allow_edit") == paths);
    CHECK(Policy::from_json(policy.as_json()).digest() == policy.digest());
    CHECK(policy.digest() != editing("[args.body]").digest());
    CHECK_FALSE(Policy::from_yaml_text("rules: [{tool: a, require_approval: true}]")
                    .as_json()
                    .at("rules")
                    .at(0)
                    .contains("allow_edit"));
    CHECK(Policy()
              .add_rule({.tool = "mail", .require_approval = true, .allow_edit = {"args.body"}})
              .rules()
              .front()
              .allow_edit == std::vector<std::string>{"args.body"});
}

TEST_CASE("allow_edit that is not understood is refused with its place") {
    CHECK_THROWS_WITH(editing("[]"), ContainsSubstring("rules[0].allow_edit: names nothing"));
    CHECK_THROWS_WITH(editing("args.body"), ContainsSubstring("rules[0].allow_edit: "));
    for (const char* const path : {"args", "body", "context.why", "agent", "args.", "args.a*", "args[x]"}) {
        CAPTURE(path);
        CHECK_THROWS_WITH(editing("[args.body, \"" + std::string(path) + "\"]"),
                          ContainsSubstring("rules[0].allow_edit[1]: ") && ContainsSubstring("is not an argument"));
    }
    CHECK_THROWS_WITH(editing("[args.card, args.card.limit]"), ContainsSubstring("lies in \"args.card\""));
    CHECK_THROWS_WITH(editing("[args.card.limit, args.card]"), ContainsSubstring("holds \"args.card.limit\""));
    CHECK_THROWS_WITH(editing("[args.body, args.body]"), ContainsSubstring("lies in \"args.body\""));
    CHECK_NOTHROW(editing("[args.card, args.cards]"));
    CHECK_THROWS_WITH(Policy::from_yaml_text("rules: [{tool: a, auto_approve: true, allow_edit: [args.b]}]"),
                      ContainsSubstring("allow_edit goes beside require_approval: true"));
    CHECK_THROWS_WITH(Policy::from_yaml_text("rules: [{tool: a, metadata: {allow_edit: 1}}]"),
                      ContainsSubstring("is set by the rule itself"));
    std::string many;
    for (int index = 0; index < 65; ++index)
        many += (index == 0 ? "args.a" : ", args.a") + std::to_string(index);
    CHECK_THROWS_WITH(editing("[" + many + "]"), ContainsSubstring("has more than 64 arguments"));
}

TEST_CASE("explain tells what a reviewer may edit") {
    const Json none = Json::object();
    const PolicyExplanation explanation = editing("[args.body, args.cc]").explain("mail", {none, none, "", "", Time{}});
    CHECK_THAT(explanation.rules.at(0).effect, ContainsSubstring(", whose reviewer may edit args.body, args.cc"));
}
