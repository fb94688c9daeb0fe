// What is said about a policy file that is not understood: every such message is in H37 to H45 or in a neighbour.

#include "approvekit/policy.hpp"

#include "support/catch.hpp"
#include "support/policy_problem_texts.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a whole policy is read from YAML") {
    const Policy policy = Policy::from_yaml_text(R"(# A policy with everything.
default_timeout: 60
unmatched: deny
rules:
  - tool: send_email          # held
    require_approval: true
    timeout: 45
    risk_level: high
    redact_fields: [body, profile.ssn]
    metadata:
      owner: "ops"
      escalation: {after: 30, to: [night shift, 'day shift']}
  - {tool: read_record, require_approval: false, auto_approve: true}
  - tool: "*"
    require_approval: true
)");
    CHECK(policy.default_timeout() == 60s);
    CHECK(policy.unmatched() == Unmatched::deny);
    REQUIRE(policy.rules().size() == 3);

    const PolicyRule& rule = policy.rules().front();
    CHECK(rule.tool == "send_email");
    CHECK(rule.require_approval);
    CHECK_FALSE(rule.auto_approve);
    CHECK(rule.timeout == 45s);
    CHECK(rule.risk_level == "high");
    CHECK(rule.redact_fields == Texts{"body", "profile.ssn"});
    CHECK(rule.metadata == Json::parse(R"({"owner": "ops",
                                           "escalation": {"after": 30, "to": ["night shift", "day shift"]}})"));
    CHECK(policy.rules()[1].auto_approve);
}

TEST_CASE("the default timeout applies wherever a rule has none, and wherever it stands") {
    const Policy policy = Policy::from_yaml_text("rules: [{tool: a}, {tool: b, timeout: 5}]\ndefault_timeout: 60\n");
    CHECK(policy.evaluate("a").rule->timeout == 60s);
    CHECK(policy.evaluate("b").rule->timeout == 5s);
    CHECK(Policy::from_yaml_text("rules: [{tool: a}]").evaluate("a").rule->timeout == 300s);
}

TEST_CASE("the same policy in YAML and in JSON is the same policy") {
    const Policy yaml =
        Policy::from_yaml_text("rules:\n- tool: a\n  timeout: 7\n  metadata: {i: -1, x: 0.5, s: \"010\"}");
    const Policy json = Policy::from_json_text(
        R"({"rules": [{"tool": "a", "timeout": 7, "metadata": {"i": -1, "x": 0.5, "s": "010"}}]})");
    CHECK(yaml.digest() == json.digest());
}

TEST_CASE("H37 an unknown key is refused with its place and the nearest known key") {
    CHECK(with_rule_line("require_aproval: true") ==
          Texts{"p.yaml:3:5: rules[0].require_aproval: unknown key; did you mean \"require_approval\"?"});
    CHECK(yaml_problems("rulez: []\nrules: []") == Texts{"p.yaml:1:1: rulez: unknown key; did you mean \"rules\"?"});
    CHECK(with_rule_member(R"("Timeout": 5)") ==
          Texts{"p.json:1:35: rules[0].Timeout: unknown key; did you mean \"timeout\"?"});
    CHECK(with_rule_line("owner: ops") == Texts{"p.yaml:3:5: rules[0].owner: unknown key; the nearest known one is "
                                                "\"when\"; a rule's own keys go under metadata"});
    CHECK(yaml_problems("rules: []\nreviewers: [{name: a, kee: b}]").back() ==
          "p.yaml:2:23: reviewers[0].kee: unknown key; did you mean \"key\"?");
    CHECK(yaml_problems("rules: []\nversion: 1").size() == 1);
}

TEST_CASE("H37 a key without its colon is not taken for one with a value") {
    CHECK_FALSE(with_rule_line("require_approval").empty());
    CHECK_FALSE(with_rule_line("metadata: {owner}").empty());
    CHECK_FALSE(with_rule_line("metadata:\n      owner\n").empty());
}

TEST_CASE("H37 a line that lost its colon is not the value of the key above it") {
    CHECK(with_rule_line("risk_level:\n    redact_fields # [body]") ==
          Texts{"p.yaml:4:5: rules[0].risk_level: a value is indented deeper than its key; is a colon missing here?"});
    for (const std::string value : {"high", "'high'", "\"high\"", "[high]", "{high: 1}"}) {
        for (const std::string end : {"", " # and so on"}) {
            CHECK_FALSE(with_rule_line("risk_level:\n    " + value + end).empty());
            CHECK_FALSE(with_rule_line("redact_fields:\n      -\n      " + value + end).empty());
        }
    }
    CHECK(with_rule_line("risk_level:\n      high").empty());
    CHECK(with_rule_line("redact_fields:\n    - body").empty());
    CHECK(with_rule_line("redact_fields: [\nbody\n]").empty());
}

TEST_CASE("H38 a policy that says nothing is refused") {
    for (const char* text :
         {"", " \n", "\n\n", "# only a comment", "---\n", "---\n...\n", "~", "null", "\xef\xbb\xbf"}) {
        CHECK(yaml_problems(text) == Texts{"p.yaml:1:1: there is nothing in it; a policy has at least rules"});
    }
    for (const char* text : {"", " ", "null", "[]", "\"rules\"", "1"})
        CHECK_FALSE(json_problems(text).empty());
}

TEST_CASE("H38 what is no mapping at the top is refused") {
    CHECK(yaml_problems("- tool: a\n") == Texts{"p.yaml:1:1: expected a mapping of keys to values, found a list"});
    CHECK_FALSE(yaml_problems("rules").empty());
    CHECK_FALSE(yaml_problems("42").empty());
    CHECK(json_problems("[]") == Texts{"p.json:1:1: expected a mapping of keys to values, found a list"});
}

TEST_CASE("H38 a policy without rules must say so") {
    CHECK_THAT(yaml_problems("default_timeout: 60").at(0), ContainsSubstring("has no rules"));
    CHECK_THAT(json_problems("{}").at(0), ContainsSubstring("has no rules"));
    CHECK_FALSE(yaml_problems("rules:").empty());
    CHECK_FALSE(yaml_problems("rules: {}").empty());
    CHECK_FALSE(yaml_problems("rules: none").empty());
    CHECK(Policy::from_yaml_text("rules: []").evaluate("anything").action == Action::hold);
}

TEST_CASE("H40 a rule cannot both require approval and approve by itself") {
    CHECK(yaml_problems("rules:\n- tool: a\n  require_approval: true\n  auto_approve: true").at(0) ==
          "p.yaml:2:3: rules[0]: require_approval and auto_approve contradict each other; only one may be true");
    CHECK(with_rule_member(R"("require_approval": true, "auto_approve": true)").size() == 1);
    CHECK(with_rule_member(R"("require_approval": false, "auto_approve": true)").empty());
    CHECK(with_rule_member(R"("require_approval": true, "auto_approve": false)").empty());
    CHECK(with_rule_member(R"("require_approval": false, "auto_approve": false)").empty());
}

TEST_CASE("H41 a tool that has two rules is refused") {
    const std::string twice =
        "p.yaml:3:9: rules[1].tool: \"a\" has a rule already, rules[0]; only one of them can count";
    CHECK(yaml_problems("rules:\n- tool: a\n- tool: a") == Texts{twice});
    CHECK(yaml_problems("rules:\n- tool: 'a'\n- tool: \"\\x61\"") == Texts{twice});
    CHECK(yaml_problems("rules:\n- tool: '*'\n- tool: b\n- tool: '*'").size() == 1);
    CHECK(json_problems(R"({"rules": [{"tool": "a"}, {"tool": "\u0061"}]})").size() == 1);
    CHECK(problems_of([] { return Policy::from_json(Json::parse(R"({"rules": [{"tool": "a"}, {"tool": "a"}]})")); }) ==
          Texts{"rules[1].tool: \"a\" has a rule already, rules[0]; only one of them can count"});
}

TEST_CASE("H41 a key that appears twice is refused at any depth") {
    const std::string why = "a key that appears twice; only one of them can count";
    CHECK(yaml_problems("rules: []\nrules: []") == Texts{"p.yaml:2:1: rules: " + why});
    CHECK(with_rule_line("timeout: 1\n    timeout: 1") == Texts{"p.yaml:4:5: rules[0].timeout: " + why});
    CHECK(with_rule_line("timeout: 1\n    'timeout': 1") == Texts{"p.yaml:4:5: rules[0].timeout: " + why});
    CHECK(with_rule_line("metadata: {a: {b: 1, b: 2}}") == Texts{"p.yaml:3:26: rules[0].metadata.a.b: " + why});
    CHECK(json_problems(R"({"rules": [], "rules": []})") == Texts{"p.json:1:15: rules: " + why});
    CHECK(with_rule_member(R"("timeout": 1, "time\u006fut": 1)") == Texts{"p.json:1:49: rules[0].timeout: " + why});
    CHECK(with_rule_member(R"("metadata": {"a": [{"b": 1, "b": 2}]})") ==
          Texts{"p.json:1:63: rules[0].metadata.a[0].b: " + why});
}

TEST_CASE("a rule's own keys must be beyond doubt") {
    for (const std::string metadata :
         {"[]", "text", "{a: yes}", "{a: 010}", "{a: 1e3}", "{a: ~}", "{a: }", "{1: a}", "{no: a}", "{[a]: b}",
          "{a: .nan}", "{a: 2026-01-31}", "{a: 99999999999999999999}", "{<<: {a: b}}", "{timeout: 3}",
          "{a: [1, [off]]}"}) {
        CAPTURE(metadata);
        CHECK(with_rule_line("metadata: " + metadata).size() == 1);
    }
    CHECK(with_rule_line("metadata: {a: [1, [off]]}").at(0) ==
          "p.yaml:3:24: rules[0].metadata.a[1][0]: expected a value whose type is beyond doubt (put texts in quotes), "
          "found the bare word \"off\"");
    CHECK(with_rule_line("metadata: {a: 'yes', \"1\": [true, 1.5, -2, {}, \"two\\nlines\"]}").empty());
}

TEST_CASE("every problem of a policy is reported at once, in the order of the text") {
    const Texts problems = yaml_problems(R"(default_timeout: 0
rules:
  - tool: send_email
    require_aproval: true
    timeout: "30"
  - tool: 123
    redact_fields: body
unmatched: maybe
)");
    REQUIRE(problems.size() == 6);
    CHECK(std::is_sorted(problems.begin(), problems.end()));
    const std::string text = [&] {
        try {
            (void)Policy::from_yaml_text("default_timeout: 0\nrulez: []");
        } catch (const PolicyError& error) {
            return std::string(error.what());
        }
        return std::string();
    }();
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("columns count characters as editors do") {
    CHECK(with_rule_line("metadata: {ä: 'ö', x: no}").at(0).starts_with("p.yaml:3:27: "));
    CHECK(yaml_problems("\xef\xbb\xbfrulez: []\nrules: []").at(0).starts_with("p.yaml:1:1: "));
    CHECK(yaml_problems("rules: []\r\nunmatched: no\r\n").at(0).starts_with("p.yaml:2:12: "));
}

TEST_CASE("hostile text in an error is escaped and cut short") {
    const Texts problems = yaml_problems("rules: []\n\"\\e[31m\\u202e\": 1\n\"" + std::string(900, 'k') + "\": 1");
    REQUIRE(problems.size() == 2);
    for (const std::string& problem : problems) {
        CHECK(problem.size() < 300);
        CHECK(std::all_of(problem.begin(), problem.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    }
    CHECK(problems[0] == "p.yaml:2:1: \"\\x1b[31m\\u202e\": unknown key; the nearest known one is \"rules\"");
}
