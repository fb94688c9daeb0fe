// How long a rule lets a call run: how it is read, and where it is shown.
#include "approvekit/policy.hpp"

#include "approvekit/policy_check.hpp"
#include "approvekit/policy_diff.hpp"
#include "approvekit/policy_explanation.hpp"
#include "support/catch.hpp"
#include "support/policy_problem_texts.hpp"

#include <chrono>
#include <fstream>
#include <string>

#include "support/temporary_directory.hpp"

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

Policy limiting(const std::string& value) {
    return Policy::from_yaml_text("rules: [{tool: fetch, auto_approve: true, run_timeout: " + value + "}]");
}

}  // namespace

TEST_CASE("a run_timeout is whole seconds, or has a unit, and survives the way to JSON and back") {
    CHECK(limiting("90").rules().front().run_timeout == 90s);
    CHECK(limiting("2m").rules().front().run_timeout == 120s);
    CHECK(Policy::from_json(limiting("7d").as_json()).digest() == limiting("604800").digest());
    CHECK(limiting("1").digest() != limiting("2").digest());
    CHECK_FALSE(Policy::from_yaml_text("rules: [{tool: a}]").as_json().at("rules").at(0).contains("run_timeout"));
    CHECK(Policy().add_rule({.tool = "fetch", .auto_approve = true, .run_timeout = 5s}).rules().front().run_timeout ==
          5s);
    CHECK(Json::parse(*limiting("90").evaluate("fetch").metadata).at("run_timeout") == 90);
}

TEST_CASE("a run_timeout that is not understood is refused with its place") {
    for (const char* const value : {"0", "-1", "604801", "1.5", "\"90\"", "soon", "1w", "null", "[1]"}) {
        CAPTURE(value);
        CHECK_THROWS_WITH(limiting(value), ContainsSubstring("rules[0].run_timeout: "));
    }
    CHECK_THROWS_WITH(Policy().add_rule({.tool = "fetch", .run_timeout = -1s}), ContainsSubstring("run_timeout"));
    CHECK_THROWS_WITH(Policy::from_yaml_text("rules: [{tool: a, run_timeot: 1}]"),
                      ContainsSubstring("did you mean \"run_timeout\"?"));
    CHECK_THROWS_WITH(Policy::from_yaml_text("rules: [{tool: a, deny: no way, run_timeout: 1}]"),
                      ContainsSubstring("leave it out"));
    CHECK_THROWS_WITH(
        Policy::from_yaml_text("rules: [{tool: a, require_approval: true, observe: true, run_timeout: 1}]"),
        ContainsSubstring("leave it out"));
    CHECK_THROWS_WITH(Policy::from_yaml_text("rules: [{tool: a, metadata: {run_timeout: 1}}]"),
                      ContainsSubstring("is set by the rule itself"));
}

TEST_CASE("check, explain and diff tell how long a call may run") {
    const TemporaryDirectory directory;
    const auto path = directory / "policy.yaml";
    std::ofstream(path) << "rules: [{tool: fetch, require_approval: true, timeout: 60, run_timeout: 30}]\n";
    CHECK_THAT(check_policy(path).text(),
               ContainsSubstring("fetch: held for approval for 60 s, asked to stop after running for 30 s, risk low"));
    const Json nothing = Json::object();
    const CallFacts facts{.arguments = nothing, .context = nothing, .agent = {}, .environment = {}, .time = {}};
    CHECK_THAT(limiting("30").explain("fetch", facts).text(),
               ContainsSubstring("runs at once, asked to stop after running for 30 s, risk low"));
    CHECK_THAT(to_text(diff_policies(limiting("30"), limiting("60"))),
               ContainsSubstring("fetch: run_timeout: 30 -> 60"));
}
