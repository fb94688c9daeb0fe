// Which values the keys of a policy accept.
#include "approvekit/metadata_keys.hpp"
#include "approvekit/policy.hpp"

#include "support/catch.hpp"
#include "support/policy_problem_texts.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

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
                                     "30 s",
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
                                                     "604800, or such as 90s, 5m, 8h, 7d, found the text \"30\""});
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
                                   "send_**",       "'**'"}) {
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

TEST_CASE("H42 a start window is a duration as a timeout is, and travels with the request") {
    const Policy policy = Policy::from_yaml_text(
        "rules:\n  - {tool: t, require_approval: true, start_within: 8h}\n  - {tool: u, require_approval: true}\n");
    CHECK(policy.rules()[0].start_within == 8h);
    CHECK_FALSE(policy.rules()[1].start_within);
    CHECK(Json::parse(*policy.evaluate("t").metadata).at(start_within_key) == 28'800);
    CHECK_FALSE(Json::parse(*policy.evaluate("u").metadata).contains(start_within_key));
    CHECK(Policy::from_json(policy.as_json()).digest() == policy.digest());
    CHECK(policy.digest() != Policy::from_yaml_text("rules:\n  - {tool: t, require_approval: true}\n"
                                                    "  - {tool: u, require_approval: true}\n")
                                 .digest());
    for (const std::string value : {"0", "8d", "604801", "-1h", "1.5", "soon", "[]", "true", "null"}) {
        CAPTURE(value);
        CHECK(with_rule_line("start_within: " + value).size() == 1);
    }
    CHECK_THAT(with_rule_line("metadata: {start_within: 1h}").at(0), ContainsSubstring("is set by the rule itself"));
    CHECK_THROWS_AS(Policy().add_rule({.tool = "t", .require_approval = true, .start_within = 0s}), PolicyError);
}
