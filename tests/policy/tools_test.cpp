// What is said about a policy before it is in force: its own tests, and how it differs from another one.

#include "approvekit/policy_diff.hpp"
#include "approvekit/policy_test.hpp"

#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

PolicyTestRun run_of(const std::string& text) {
    const TemporaryDirectory directory;
    std::ofstream(directory / "p.yaml") << text;
    PolicyTestRun run = test_policy(directory / "p.yaml");
    run.file = "p.yaml";
    return run;
}

constexpr const char* payments =
    "rules:\n"
    "  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}}}\n"
    "  - {tool: pay, deny: no way, observe: true, when: {args.amount: {between: [11, 20]}}}\n"
    "  - {tool: pay, require_approval: true}\n";

std::string diff_of(const std::string& before, const std::string& after) {
    return to_text(diff_policies(Policy::from_yaml_text(before), Policy::from_yaml_text(after)));
}

}  // namespace

TEST_CASE("the tests of a policy pass when each call becomes what it says") {
    const PolicyTestRun run = run_of(std::string(payments) +
                                     "tests:\n"
                                     "  - {tool: pay, args: {amount: 5}, expect: allow}\n"
                                     "  - {tool: pay, args: {amount: 15}, expect: allow, would_have: deny}\n"
                                     "  - {tool: pay, args: {amount: 25}, expect: hold}\n");
    CHECK(run.passed());
    CHECK(run.text() == "3 of 3 tests passed\n");
}

TEST_CASE("a test of a policy that fails says what was expected, what came, and why") {
    const PolicyTestRun run = run_of(std::string(payments) +
                                     "tests:\n"
                                     "  - {tool: pay, args: {amount: 15}, expect: allow}\n"
                                     "  - {tool: pay, args: {amount: 5}, expect: allow}\n");
    CHECK_FALSE(run.passed());
    CHECK_THAT(run.text(), ContainsSubstring("tests[0]: expected allow, got allow (would have: deny)\n"
                                             "pay: runs at once; without observe it would be denied\n"));
    CHECK_THAT(run.text(), ContainsSubstring("1 of 2 tests passed\n"));
    const Json view = to_json_view(run);
    CHECK(view["passed"] == false);
    CHECK(view["failures"][0]["test"] == "tests[0]");
    CHECK(view["failures"][0]["found"]["would_have"] == "deny");
}

TEST_CASE("a policy without tests, or one that does not apply, passes none") {
    CHECK_FALSE(run_of(payments).passed());
    CHECK(run_of(payments).text() == "p.yaml: has no tests\n");
    const PolicyTestRun wrong = run_of("rules: []\ntests:\n  - {tool: a, expect: yes}\n  - {args: 1}\n");
    CHECK_FALSE(wrong.passed());
    CHECK(wrong.problems.size() == 4);
    CHECK_FALSE(test_policy("no/such/file.yaml").passed());
}

TEST_CASE("tests are no part of what a policy says") {
    const Policy without = Policy::from_yaml_text(payments);
    const Policy with = Policy::from_yaml_text(std::string(payments) + "tests:\n  - {tool: pay, expect: hold}\n");
    CHECK(with.digest() == without.digest());
}

TEST_CASE("equal policies say the same") {
    CHECK(diff_of(payments, payments) == "the policies say the same\n");
    CHECK(diff_policies(Policy(), Policy()).empty());
}

TEST_CASE("a difference names the rule by its tool and condition, and both values") {
    const std::string before =
        "default_timeout: 60\nrules:\n"
        "  - {tool: a, require_approval: true, timeout: 5m}\n"
        "  - {tool: b, auto_approve: true, when: {args.x: {equals: 1}}}\n"
        "  - {tool: b, require_approval: true, when: {args.y: {equals: 1}}}\n"
        "  - {tool: c}\n";
    const std::string after =
        "default_timeout: 60\nunmatched: deny\nrules:\n"
        "  - {tool: a, require_approval: true, timeout: 8m}\n"
        "  - {tool: b, require_approval: true, when: {args.y: {equals: 1}}}\n"
        "  - {tool: b, auto_approve: true, when: {args.x: {equals: 1}}}\n"
        "  - {tool: d, deny: no way}\n";
    const std::string text = diff_of(before, after);
    CHECK_THAT(text, ContainsSubstring("~ unmatched: \"hold\" -> \"deny\"\n"));
    CHECK_THAT(text, ContainsSubstring("~ a: timeout: 300 -> 480\n"));
    CHECK_THAT(text,
               ContainsSubstring("~ b when {\"args.x\":{\"equals\":1}}: place among the rules of its tool: 1 -> 2\n"));
    CHECK_THAT(text, ContainsSubstring("+ d: "));
    CHECK_THAT(text, ContainsSubstring("- c: "));
    const Json view = to_json_view(diff_policies(Policy::from_yaml_text(before), Policy::from_yaml_text(after)));
    CHECK(view["changes"].size() == 6);
    CHECK(view["changes"][0] ==
          Json{{"kind", "changed"}, {"what", "unmatched"}, {"before", "\"hold\""}, {"after", "\"deny\""}});
}

TEST_CASE("a difference tells the place of a starred name that is new among others as specific") {
    const auto policy = [](std::initializer_list<std::string> names) {
        std::string text = "rules:\n";
        for (const std::string& name : names)
            text += "  - {tool: \"" + name + "\", " + (name == "mail.*" ? "require_approval" : "auto_approve") +
                    ": true}\n";
        return text;
    };
    const std::string before = policy({"mail.*", "post.*"});
    const std::string after = policy({"*.read", "mail.*", "post.*"});
    CHECK(Policy::from_yaml_text(before).evaluate("mail.read").action == Action::hold);
    CHECK(Policy::from_yaml_text(after).evaluate("mail.read").action == Action::allow);
    CHECK_THAT(
        diff_of(before, after),
        ContainsSubstring("+ \"*.read\": place among names that are as specific: 1 of 3\n") && !ContainsSubstring("~"));
    CHECK_THAT(diff_of(before, policy({"mail.*", "post.*", "*.read"})), ContainsSubstring(": 3 of 3\n"));
    CHECK_THAT(diff_of(policy({"mail.*"}), policy({"*.read", "post.*"})), !ContainsSubstring("place"));
    const Json view = to_json_view(diff_policies(Policy::from_yaml_text(before), Policy::from_yaml_text(after)));
    CHECK(view["changes"][0] ==
          Json{{"kind", "name moved"}, {"what", "\"*.read\""}, {"before", ""}, {"after", "1 of 3"}});
}

TEST_CASE("a difference names starred names that are as specific and changed their order") {
    const auto rule = [](const std::string& tool, const std::string& rest) {
        return "  - {tool: \"" + tool + "\", " + rest + "}\n";
    };
    const std::string held = rule("mail.*", "require_approval: true");
    const std::string free = rule("*.read", "auto_approve: true");
    const std::string wider = rule("ma*", "require_approval: true");
    const std::string before = "rules:\n" + held + free + wider;
    CHECK(Policy::from_yaml_text(before).evaluate("mail.read").action == Action::hold);
    const std::string after = "rules:\n" + free + held + wider;
    CHECK(Policy::from_yaml_text(after).evaluate("mail.read").action == Action::allow);
    CHECK(diff_of(before, after) ==
          "~ \"*.read\": place among names that are as specific: 2 -> 1\n"
          "~ \"mail.*\": place among names that are as specific: 1 -> 2\n");
    const Json view = to_json_view(diff_policies(Policy::from_yaml_text(before), Policy::from_yaml_text(after)));
    CHECK(view["changes"][0] == Json{{"kind", "name moved"}, {"what", "\"*.read\""}, {"before", "2"}, {"after", "1"}});
    CHECK(diff_of(before, "rules:\n" + wider + held + free) == "the policies say the same\n");
    const std::string wide = rule("a*", "auto_approve: true");
    CHECK_THAT(diff_of(before, "rules:\n" + wide + held + free + wider), !ContainsSubstring("place"));
}
