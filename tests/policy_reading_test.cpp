// What a policy file says of itself when it is not understood: every line of it is in H37 to H45 or a neighbour.

#include "approvekit/policy.hpp"

#include "catch.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

using Texts = std::vector<std::string>;

template <typename Read>
Texts problems_of(Read read) {
    Texts texts;
    try {
        read();
    } catch (const PolicyError& error) {
        for (const PolicyProblem& problem : error.problems())
            texts.push_back(problem.text());
    }
    return texts;
}

Texts yaml_problems(std::string_view text) {
    return problems_of([text] { return Policy::from_yaml_text(text, "p.yaml"); });
}

Texts json_problems(std::string_view text) {
    return problems_of([text] { return Policy::from_json_text(text, "p.json"); });
}

/// The problems of a rule for send_email that has `line` too.
Texts with_rule_line(const std::string& line) {
    return yaml_problems("rules:\n  - tool: send_email\n    " + line + "\n");
}

Texts with_rule_member(const std::string& member) {
    return json_problems(R"({"rules": [{"tool": "send_email", )" + member + "}]}");
}

}  // namespace

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
                                                "\"tool\"; a rule's own keys go under metadata"});
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
          Texts{"p.yaml:4:5: rules[0].risk_level: a value stands deeper than its key; is a colon missing here?"});
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

TEST_CASE("H39 only true and false are booleans") {
    for (const std::string key : {"require_approval", "auto_approve"}) {
        for (const std::string word : {"\"false\"",
                                       "'true'",
                                       "no",
                                       "No",
                                       "yes",
                                       "on",
                                       "off",
                                       "y",
                                       "n",
                                       "0",
                                       "1",
                                       "True",
                                       "FALSE",
                                       "~",
                                       "null",
                                       "",
                                       "[]",
                                       "{}",
                                       "[true]",
                                       "truee",
                                       "|\n      true",
                                       ">\n      true"}) {
            CAPTURE(word);
            const Texts problems = with_rule_line(key + ": " + word);
            REQUIRE(problems.size() == 1);
            CHECK_THAT(problems[0], ContainsSubstring("expected true or false without quotes"));
            CHECK_THAT(problems[0], ContainsSubstring("p.yaml:3:"));
        }
        for (const std::string word : {"\"false\"", "0", "1", "null", "[]", "{}"}) {
            CHECK(with_rule_member("\"" + key + "\": " + word).size() == 1);
        }
    }
    CHECK(with_rule_line("require_approval: no").at(0) ==
          "p.yaml:3:23: rules[0].require_approval: expected true or false without quotes, found the bare word \"no\"");
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
    const std::string twice = "p.yaml:3:9: rules[1].tool: \"a\" has a rule already, rules[0]; which one would count?";
    CHECK(yaml_problems("rules:\n- tool: a\n- tool: a") == Texts{twice});
    CHECK(yaml_problems("rules:\n- tool: 'a'\n- tool: \"\\x61\"") == Texts{twice});
    CHECK(yaml_problems("rules:\n- tool: '*'\n- tool: b\n- tool: '*'").size() == 1);
    CHECK(json_problems(R"({"rules": [{"tool": "a"}, {"tool": "\u0061"}]})").size() == 1);
    CHECK(problems_of([] { return Policy::from_json(Json::parse(R"({"rules": [{"tool": "a"}, {"tool": "a"}]})")); }) ==
          Texts{"rules[1].tool: \"a\" has a rule already, rules[0]; which one would count?"});
}

TEST_CASE("H41 a key that stands twice is refused at any depth") {
    const std::string why = "a key that stands twice; which one would count?";
    CHECK(yaml_problems("rules: []\nrules: []") == Texts{"p.yaml:2:1: rules: " + why});
    CHECK(with_rule_line("timeout: 1\n    timeout: 1") == Texts{"p.yaml:4:5: rules[0].timeout: " + why});
    CHECK(with_rule_line("timeout: 1\n    'timeout': 1") == Texts{"p.yaml:4:5: rules[0].timeout: " + why});
    CHECK(with_rule_line("metadata: {a: {b: 1, b: 2}}") == Texts{"p.yaml:3:26: rules[0].metadata.a.b: " + why});
    CHECK(json_problems(R"({"rules": [], "rules": []})") == Texts{"p.json:1:15: rules: " + why});
    CHECK(with_rule_member(R"("timeout": 1, "time\u006fut": 1)") == Texts{"p.json:1:49: rules[0].timeout: " + why});
    CHECK(with_rule_member(R"("metadata": {"a": [{"b": 1, "b": 2}]})") ==
          Texts{"p.json:1:63: rules[0].metadata.a[0].b: " + why});
}

TEST_CASE("H42 a timeout is a decimal number of whole seconds from 1 to 604800") {
    for (const std::string number : {"0",
                                     "-5",
                                     "0.4",
                                     "1.0",
                                     "30.0",
                                     "1e300",
                                     "1e3",
                                     "nan",
                                     ".nan",
                                     ".inf",
                                     "\"30\"",
                                     "'30'",
                                     "true",
                                     "1:30",
                                     "010",
                                     "0x1e",
                                     "0o17",
                                     "0b11",
                                     "+30",
                                     "30s",
                                     "1_000",
                                     "604801",
                                     "9223372036854775808",
                                     "18446744073709551616",
                                     "99999999999999999999999999",
                                     "",
                                     "~",
                                     "[30]",
                                     "{}",
                                     "30 45",
                                     "2026-01-31",
                                     "-0",
                                     "00",
                                     "٣٠"}) {
        CAPTURE(number);
        for (const Texts& problems :
             {with_rule_line("timeout: " + number), yaml_problems("rules: []\ndefault_timeout: " + number)}) {
            REQUIRE(problems.size() == 1);
            CHECK_THAT(problems[0], ContainsSubstring("expected whole seconds from 1 to 604800"));
        }
    }
    for (const std::string number :
         {"0", "-5", "0.4", "1e300", "1e2", "30.0", "\"30\"", "true", "null", "[30]", "604801"}) {
        CAPTURE(number);
        CHECK(with_rule_member("\"timeout\": " + number).size() == 1);
    }
    for (const std::string number : {"nan", "NaN", "Infinity", "010", "0x1e", "+30", "99999999999999999999999999"}) {
        CAPTURE(number);
        CHECK(with_rule_member("\"timeout\": " + number).size() == 1);
    }
    CHECK(with_rule_line("timeout: 1").empty());
    CHECK(with_rule_line("timeout: 604800").empty());
    CHECK(with_rule_line("timeout: \"30\"") == Texts{"p.yaml:3:14: rules[0].timeout: expected whole seconds from 1 to "
                                                     "604800, found the text \"30\""});
}

TEST_CASE("H43 redacted fields are a list of names") {
    CHECK(with_rule_line("redact_fields: body") ==
          Texts{"p.yaml:3:20: rules[0].redact_fields: expected a list of names, found the text \"body\""});
    for (const std::string fields : {"{body: true}", "true", "", "~", "[\"\"]", "[' body']", "[1]", "[no]", "[[body]]",
                                     "[{a: b}]", "[a, , b]", "[~]", "['a..b']", "[.a]", "[\"a\\tb\"]"}) {
        CAPTURE(fields);
        CHECK(with_rule_line("redact_fields: " + fields).size() == 1);
    }
    for (const std::string fields : {"\"body\"", "[\"\"]", "[null]", "[1]", "{}", "[\"a\\u0000\"]"}) {
        CHECK(with_rule_member("\"redact_fields\": " + fields).size() == 1);
    }
    CHECK(with_rule_line("redact_fields: []").empty());
    CHECK(with_rule_line("redact_fields: [body, profile.ssn, \"two words\"]").empty());
}

TEST_CASE("H45 a tool's name is a text and looks like what it is") {
    CHECK(yaml_problems("rules:\n- tool: 123") ==
          Texts{"p.yaml:2:9: rules[0].tool: expected a text in quotes, found the number 123"});
    CHECK(yaml_problems("rules:\n- tool: ' a '") == Texts{"p.yaml:2:9: rules[0].tool: \" a \" has spaces around it"});
    for (const std::string name : {"yes",           "NO",
                                   "true",          "~",
                                   "null",          "",
                                   "1.5",           "0x10",
                                   "1:30",          "2026-01-31",
                                   ".inf",          "'a '",
                                   "' '",           "''",
                                   "\"\\ta\"",      "\"a\\n\"",
                                   "\"a\\0\"",      "\"\\e[31m\"",
                                   "\"a\\x85\"",    "\"\\u202ea\"",
                                   "\"a\\u200b\"",  "\"\\u00a0a\"",
                                   "\"a\\u3000b\"", "[a]",
                                   "{a: b}",        "|\n      a",
                                   "send_*",        "'**'"}) {
        CAPTURE(name);
        CHECK(yaml_problems("rules:\n  - tool: " + name).size() == 1);
    }
    for (const std::string name :
         {"123", "true", "null", "\"\"", "\" a\"", "\"a\\u0000\"", "\"\\u202ea\"", "[\"a\"]", "{}"}) {
        CHECK(json_problems(R"({"rules": [{"tool": )" + name + "}]}").size() == 1);
    }
    for (const std::string name :
         {"'123'", "\"yes\"", "a b", "mcp__mail.send/now", "поиск", "\"*\"", "a:b", "'a # b'"}) {
        CAPTURE(name);
        CHECK(yaml_problems("rules:\n  - tool: " + name).empty());
    }
    CHECK(yaml_problems("rules:\n- {}").at(0) == "p.yaml:2:3: rules[0]: has no tool; which one is it for?");
    CHECK(yaml_problems("rules:\n- a\n-\n- [a]").size() == 3);
}

TEST_CASE("H45 a risk level is a short text") {
    for (const std::string& level :
         Texts{"3", "''", "' high'", "[high]", "no", "\"a\\e[31mb\"", "'" + std::string(65, 'x') + "'"}) {
        CAPTURE(level);
        CHECK(with_rule_line("risk_level: " + level).size() == 1);
    }
    CHECK(with_rule_line("risk_level: very high").empty());
}

TEST_CASE("what becomes of unmatched tools is one of three words") {
    for (const std::string word : {"Hold", "allowed", "\"\"", "true", "no", "", "[hold]", "'hold '"}) {
        const Texts problems = yaml_problems("rules: []\nunmatched: " + word);
        REQUIRE(problems.size() == 1);
        CHECK_THAT(problems[0], ContainsSubstring("expected hold, allow or deny"));
    }
    CHECK(Policy::from_yaml_text("rules: []\nunmatched: allow").evaluate("a").action == Action::allow);
    CHECK(Policy::from_yaml_text("rules: []\nunmatched: 'deny'").evaluate("a").action == Action::deny);
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

TEST_CASE("reviewers have a name and an Ed25519 key each") {
    const std::string key = "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    const Policy policy = Policy::from_yaml_text("rules: []\nreviewers:\n  - name: ada\n    key: " + key);
    REQUIRE(policy.reviewers().size() == 1);
    CHECK(policy.reviewers()[0].name == "ada");
    CHECK("ed25519:" + policy.reviewers()[0].public_key == key);

    for (const std::string& reviewers :
         Texts{"[]", "ada", "[ada]", "[{name: ada}]", "[{key: '" + key + "'}]",
               "[{name: ada, key: " + key.substr(8) + "}]", "[{name: ada, key: '" + key + "AA'}]",
               "[{name: ada, key: " + key.substr(0, 30) + "}]", "[{name: 7, key: '" + key + "'}]",
               "[{name: ada, key: '" + key + "', role: admin}]"}) {
        CAPTURE(reviewers);
        CHECK(yaml_problems("rules: []\nreviewers: " + reviewers).size() == 1);
    }
    CHECK(yaml_problems("rules: []\nreviewers: [{name: a, key: '" + key + "'}, {name: b, key: '" + key + "'}]").at(0) ==
          "p.yaml:2:85: reviewers[1]: has the key of \"a\"");
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
