// The results of conditions: true, false, or unknown if they cannot be evaluated.

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"

#include "policy/judged.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace approvekit;
using approvekit::testing::ruling_on;
using approvekit::testing::truth_of_condition;
using approvekit::testing::truth_of_test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The first problem of a condition that is refused: "line:column: path: message".
std::string fault_of(const std::string& when) {
    try {
        static_cast<void>(Policy::from_yaml_text("rules:\n- tool: t\n  when: " + when + "\n"));
    } catch (const PolicyError& error) {
        PolicyProblem problem = error.problems().front();
        problem.file.clear();
        return problem.text();
    }
    return "it was taken";
}

}  // namespace

TEST_CASE("equals and in compare values of one type, and know nothing of others") {
    CHECK(truth_of_test("{equals: a}", "a") == "true");
    CHECK(truth_of_test("{equals: a}", "A") == "false");
    CHECK(truth_of_test("{equals: a}", 1) == "unknown");
    CHECK(truth_of_test("{equals: true}", true) == "true");
    CHECK(truth_of_test("{equals: a}", nullptr) == "unknown");
    CHECK(truth_of_test("{in: [a, 1]}", "b") == "false");
    CHECK(truth_of_test("{in: [a, 1]}", 1) == "true");
    CHECK(truth_of_test("{in: [a, 1]}", true) == "unknown");
    CHECK(truth_of_test("{in: [a]}", Json::array({"a"})) == "unknown");
}

TEST_CASE("not_equals and not_in are the negation of equals and in") {
    for (const Json& value : {Json("a"), Json("b"), Json(1), Json(nullptr), Json::object()}) {
        CHECK(truth_of_test("{not_equals: a}", value) ==
              truth_of_condition("{not: {args.value: {equals: a}}}", Json{{"value", value}}));
        CHECK(truth_of_test("{not_in: [a, c]}", value) ==
              truth_of_condition("{not: {args.value: {in: [a, c]}}}", Json{{"value", value}}));
    }
    CHECK(truth_of_test("{not_equals: a}", "b") == "true");
    CHECK(truth_of_test("{not_equals: a}", 1) == "unknown");
}

TEST_CASE("numbers compare exactly, whatever they are kept as") {
    CHECK(truth_of_test("{equals: 9007199254740993}", 9'007'199'254'740'993) == "true");
    CHECK(truth_of_test("{equals: 9007199254740993}", 9'007'199'254'740'992.0) == "false");
    CHECK(truth_of_test("{lt: 18446744073709551615}", 18'446'744'073'709'551'614U) == "true");
    CHECK(truth_of_test("{lt: 18446744073709551615}", -1) == "true");
    CHECK(truth_of_test("{gt: 9223372036854775807}", 9'223'372'036'854'775'808U) == "true");
    CHECK(truth_of_test("{lt: -9223372036854775807}", INT64_MIN) == "true");
    CHECK(truth_of_test("{equals: 0.1}", 0.10) == "true");
    CHECK(truth_of_test("{lte: 100}", 100.0) == "true");
    CHECK(truth_of_test("{lte: 100}", 100.00000000000001) == "false");
    CHECK(truth_of_test("{gte: -0.5}", 0) == "true");
    CHECK(truth_of_test("{lt: -1}", -1.5) == "true");
    CHECK(truth_of_test("{gt: -2}", -1.5) == "true");
    CHECK(truth_of_test("{lt: 1}", 1e300) == "false");
    CHECK(truth_of_test("{gt: 1}", -1e300) == "false");
    CHECK(truth_of_test("{equals: 1}", 1e300) == "false");
}

TEST_CASE("between has both ends") {
    CHECK(truth_of_test("{between: [1, 3]}", 1) == "true");
    CHECK(truth_of_test("{between: [1, 3]}", 3) == "true");
    CHECK(truth_of_test("{between: [1, 3]}", 3.5) == "false");
    CHECK(truth_of_test("{between: [1, 3]}", "2") == "unknown");
    CHECK(truth_of_test("{gt: 1, lt: 3}", 3) == "false");
}

TEST_CASE("contains finds a part of a text, or an element of a list") {
    CHECK(truth_of_test("{contains: bc}", "abcd") == "true");
    CHECK(truth_of_test("{contains: bd}", "abcd") == "false");
    CHECK(truth_of_test("{contains: 1}", "1") == "unknown");
    CHECK(truth_of_test("{contains: a}", Json{"b", "a"}) == "true");
    CHECK(truth_of_test("{contains: a}", Json{"b", "ab"}) == "false");
    CHECK(truth_of_test("{contains: a}", Json::array({"b", 1})) == "unknown");
    CHECK(truth_of_test("{contains: a}", Json::array()) == "false");
    CHECK(truth_of_test("{contains: a}", Json{{"a", 1}}) == "unknown");
}

TEST_CASE("exists is always true or false, and null does not exist") {
    CHECK(truth_of_test("{exists: true}", 0) == "true");
    CHECK(truth_of_test("{exists: true}", nullptr) == "false");
    CHECK(truth_of_test("{exists: false}", nullptr) == "true");
    CHECK(truth_of_condition("{args.a.b: {exists: true}}", Json{{"a", "text"}}) == "false");
    CHECK(truth_of_condition("{'args.a[0]': {exists: true}}", Json{{"a", Json::array()}}) == "false");
}

TEST_CASE("length counts characters or elements") {
    CHECK(truth_of_test("{length: {equals: 3}}", "a\u00e9\u2603") == "true");
    CHECK(truth_of_test("{length: {lte: 2}}", Json{1, 2, 3}) == "false");
    CHECK(truth_of_test("{length: {between: [1, 3]}}", Json{1, 2, 3}) == "true");
    CHECK(truth_of_test("{length: {lte: 2}}", 7) == "unknown");
    CHECK(truth_of_test("{length: {lte: 2}}", Json{{"a", 1}}) == "unknown");
}

TEST_CASE("matches takes the whole text, and its star crosses slashes and no line break") {
    CHECK(truth_of_test("{matches: \"/work/*.txt\"}", "/work/a/b.txt") == "true");
    CHECK(truth_of_test("{matches: \"/work/*.txt\"}", "x/work/a.txt") == "false");
    CHECK(truth_of_test("{matches: \"a*b\"}", "a\nb") == "unknown");
    CHECK(truth_of_test("{matches: \"*\"}", "a\n") == "unknown");
    CHECK(truth_of_test("{matches: \"*\"}", "") == "true");
    CHECK(truth_of_test("{matches: \"a*b*a\"}", "abba") == "true");
    CHECK(truth_of_test("{matches: \"a.c\"}", "abc") == "false");
    CHECK(truth_of_test("{matches: a}", 1) == "unknown");
}

TEST_CASE("regex takes the whole text, regex_anywhere a part of it, a dot no line break") {
    CHECK(truth_of_test("{regex: \"[a-z]+\"}", "abc") == "true");
    CHECK(truth_of_test("{regex: \"[a-z]+\"}", "abc1") == "false");
    CHECK(truth_of_test("{regex: \"[a-z]+\"}", "abc\n") == "unknown");
    CHECK(truth_of_test("{regex: \"a|b\"}", "bx") == "false");
    CHECK(truth_of_test("{regex: \"a.*b\"}", "a\nb") == "unknown");
    CHECK(truth_of_test("{regex_anywhere: \"[0-9]+\"}", "abc1d") == "true");
    CHECK(truth_of_test("{regex_anywhere: \"^b$\"}", "a\nb") == "unknown");
    CHECK(truth_of_test("{regex: \"a\"}", 1) == "unknown");
}

TEST_CASE("a regular expression takes time in proportion to the text") {
    const std::string text(20'000, 'a');
    CHECK(truth_of_test("{regex: \"(a+)+b\"}", text) == "false");
    CHECK(truth_of_test("{regex_anywhere: \"(a|aa)+$\"}", text + "!") == "false");
}

TEST_CASE("texts compare in form C only where that is asked for") {
    const std::string composed = "caf\u00e9";
    const std::string decomposed = "cafe\u0301";
    CHECK(truth_of_test("{equals: " + composed + "}", decomposed) == "false");
    CHECK(truth_of_test("{equals: " + composed + ", nfc: true}", decomposed) == "true");
    CHECK(truth_of_test("{in: [" + composed + "], nfc: true}", decomposed) == "true");
    CHECK(truth_of_test("{contains: \u00e9, nfc: true}", decomposed) == "true");
    CHECK(truth_of_test("{matches: \"*\u00e9\", nfc: true}", decomposed) == "true");
    CHECK(truth_of_test("{regex: \"caf.\", nfc: true}", decomposed) == "true");
    CHECK(truth_of_test("{regex: \"caf.\"}", decomposed) == "false");
    CHECK(truth_of_test("{every: {equals: " + composed + "}, nfc: true}", Json::array({decomposed})) == "true");
    CHECK(truth_of_test("{every: {equals: " + composed + ", nfc: true}}", Json::array({decomposed})) == "true");
}

TEST_CASE("lists are tested with every and some") {
    CHECK(truth_of_test("{every: {lte: 3}}", Json{1, 2, 3}) == "true");
    CHECK(truth_of_test("{every: {lte: 3}}", Json{1, 4, "x"}) == "false");
    CHECK(truth_of_test("{every: {lte: 3}}", Json::array({1, "x"})) == "unknown");
    CHECK(truth_of_test("{every: {lte: 3}}", Json::array({1, nullptr})) == "unknown");
    CHECK(truth_of_test("{every: {lte: 3}}", Json::array()) == "true");
    CHECK(truth_of_test("{every: {lte: 3}}", 1) == "unknown");
    CHECK(truth_of_test("{some: {lte: 3}}", Json{4, 3}) == "true");
    CHECK(truth_of_test("{some: {lte: 3}}", Json::array({4, "x"})) == "unknown");
    CHECK(truth_of_test("{some: {lte: 3}}", Json::array()) == "false");
    CHECK(truth_of_test("{some: {exists: false}}", Json::array({1, nullptr})) == "true");
    CHECK(truth_of_test("{every: {some: {equals: 1}}}", Json{{1, 2}, {2, 1}}) == "true");
}

TEST_CASE("subjects name members, elements, the context, the agent and its environment") {
    const Json arguments = {{"a", {{"b.c", {"x", {{"d", 1}}}}}}};
    CHECK(truth_of_condition("{'args.a[\"b.c\"][1].d': {equals: 1}}", arguments) == "true");
    CHECK(truth_of_condition("{args.a.b.c: {exists: true}}", arguments) == "false");
    CHECK(truth_of_condition("{'args.a[\"b.c\"][2]': {equals: 1}}", arguments) == "unknown");
    CHECK(truth_of_condition("{context.requested_by: {equals: ada}}", arguments, {{"requested_by", "ada"}}) == "true");
    CHECK(truth_of_condition("{context.requested_by: {equals: ada}}", arguments) == "unknown");
    CHECK(truth_of_condition("{agent: {equals: mailer}, environment: {in: [test]}}", arguments) == "false");
    CHECK(truth_of_condition("{agent: {matches: \"mail*\"}, environment: {equals: production}}", arguments) == "true");
    CHECK(truth_of_condition("{args: {exists: true}}", arguments) == "true");
    const Policy by_agent =
        Policy::from_yaml_text("rules: [{tool: t, auto_approve: true, when: {agent: {equals: x}}}]");
    CHECK(by_agent.evaluate("t", Json::object()).action == Action::hold);  // the agent is not known
}

TEST_CASE("all, any and not follow Kleene's strong logic") {
    const std::vector<std::string> tests = {"{args.one: {equals: 2}}", "{args.none: {equals: 1}}",
                                            "{args.one: {equals: 1}}"};
    const std::vector<std::string> truths = {"false", "unknown", "true"};
    const Json arguments = {{"one", 1}};
    for (std::size_t left = 0; left < 3; ++left) {
        CHECK(truth_of_condition("{not: " + tests[left] + "}", arguments) == truths[2 - left]);
        for (std::size_t right = 0; right < 3; ++right) {
            const std::string list = "[" + tests[left] + ", " + tests[right] + "]";
            CHECK(truth_of_condition("{all: " + list + "}", arguments) == truths[std::min(left, right)]);
            CHECK(truth_of_condition("{any: " + list + "}", arguments) == truths[std::max(left, right)]);
        }
    }
}

TEST_CASE("time is the wall clock of a zone") {
    // It is Saturday, 09:05 in UTC and 10:05 in Berlin.
    const auto at = [](const std::string& terms) {
        return truth_of_condition("{time: " + terms + "}", Json::object());
    };
    CHECK(at("{between: [\"09:00\", \"09:06\"], zone: Etc/UTC}") == "true");
    CHECK(at("{between: [\"09:00\", \"09:05\"], zone: Etc/UTC}") == "false");
    CHECK(at("{between: [\"09:00\", \"10:00\"], zone: Europe/Berlin}") == "false");
    CHECK(at("{between: [\"10:05\", \"24:00\"], zone: Europe/Berlin}") == "true");
    CHECK(at("{days: [mon, sat], zone: Europe/Berlin}") == "true");
    CHECK(at("{days: [sun], zone: Europe/Berlin}") == "false");
    CHECK(at("{days: [sun], zone: Pacific/Kiritimati}") == "false");
    CHECK(at("{between: [\"22:00\", \"10:06\"], zone: Europe/Berlin}") == "true");
    CHECK(at("{between: [\"22:00\", \"10:06\"], days: [fri], zone: Europe/Berlin}") == "true");
    CHECK(at("{between: [\"22:00\", \"10:06\"], days: [sat], zone: Europe/Berlin}") == "false");
}

TEST_CASE("a condition that is not understood is refused with its place") {
    CHECK(fault_of("{args.amount: {lte: \"100\"}}") ==
          "3:29: rules[0].when.\"args.amount\".lte: expected a number, found the text \"100\"");
    CHECK(fault_of("{args.amount: {let: 100}}") ==
          "3:24: rules[0].when.\"args.amount\".let: unknown test; the nearest known one is \"lt\"");
    CHECK_THAT(fault_of("{amount: {lte: 100}}"), ContainsSubstring("is nothing to test; expected args.NAME"));
    CHECK_THAT(fault_of("{arg.amount: {lte: 100}}"), ContainsSubstring("is nothing to test"));
    for (const char* empty :
         {"{}", "{all: []}", "{any: []}", "{not: {}}", "{args.a: {}}", "{args.a: {nfc: true}}", "{args.a: {in: []}}",
          "{args.a: {every: {}}}", "{args.a: {length: {}}}", "{args.a: {url: {}}}", "{args.a: {contains: \"\"}}"}) {
        CAPTURE(empty);
        CHECK_THAT(fault_of(empty), ContainsSubstring("is empty"));
    }
    for (const char* wrong : {"[]",
                              "yes",
                              "{args.a: 1}",
                              "{args.a: {equals: null}}",
                              "{args.a: {equals: [1]}}",
                              "{args.a: {equals: yes}}",
                              "{args.a: {exists: 1}}",
                              "{args.a: {equals: x, nfc: 9975}}",
                              "{args.a: {between: [2, 1]}}",
                              "{args.a: {between: [1]}}",
                              "{args.a: {gt: true}}",
                              "{args.a: {length: 3}}",
                              "{args.a: {length: {matches: a}}}",
                              "{args.a: {regex: \"(\"}}",
                              "{args.a: {regex: \"(a)\\\\1\"}}",
                              "{args.a: {path: /work}}",
                              "{args.a: {path: {under: [work]}}}",
                              "{args.a: {path: {under: [/work/..]}}}",
                              "{args.a: {path: {below: [/work]}}}",
                              "{args.a: {url: {host_in: [\"*\"]}}}",
                              "{args.a: {url: {host_in: [\"a.*.b\"]}}}",
                              "{args.a: {url: {host_in: [b\u00fccher.example]}}}",
                              "{args.a: {url: {host_in: [\"https://a.b\"]}}}",
                              "{args.a: {url: {port_in: [0]}}}",
                              "{args.a: {email: {domain_in: example.com}}}",
                              "{args.a: {command: {programs_in: [/bin/ls]}}}",
                              "{args.a: {command: {no_shell_syntax: false}}}",
                              "{args.: {exists: true}}",
                              "{'args.a[-1]': {exists: true}}",
                              "{'args.a[x]': {exists: true}}",
                              "{args.*: {exists: true}}",
                              "{argsa: {exists: true}}",
                              "{agent.name: {exists: true}}",
                              "{time: {between: [\"08:00\", \"18:00\"]}}",
                              "{time: {zone: Europe/Berlin}}",
                              "{time: {days: [monday], zone: Europe/Berlin}}",
                              "{time: {days: [], zone: Europe/Berlin}}",
                              "{time: {between: [\"8:00\", \"18:00\"], zone: Europe/Berlin}}",
                              "{time: {between: [\"08:00\", \"08:00\"], zone: Europe/Berlin}}",
                              "{time: {between: [\"08:00\", \"25:00\"], zone: Europe/Berlin}}",
                              "{time: {days: [mon], zone: Europe/Atlantis}}",
                              "{time: {days: [mon], zone: ../../etc/passwd}}",
                              "{args.a: {lte: 0.12345678901234567890123}}"}) {
        CAPTURE(wrong);
        CHECK_THAT(fault_of(wrong), ContainsSubstring("rules[0].when"));
    }
}

TEST_CASE("a test of any shape is taken or refused with its place, beside others too") {
    const std::vector<Json> values = {nullptr,        true,           -1,          99.5, "a", Json::array(), {1, 2},
                                      Json::object(), {{"gte", "1"}}, {{"nfc", 1}}};
    for (const char* name : {"equals", "in", "not_in", "lt", "between", "contains", "exists", "length", "matches",
                             "regex", "path", "url", "email", "command", "every", "some", "nfc", "other"}) {
        for (const Json& value : values) {
            const Json test = {{"gte", 1}, {name, value}};
            CAPTURE(test.dump());
            const Json when = {{"args.a", test}};
            const Json rule = {{"tool", "t"}, {"auto_approve", true}, {"when", when}};
            const Json wider = {{"tool", "t"}, {"require_approval", true}};
            try {
                static_cast<void>(Policy::from_json({{"rules", {rule, rule, wider}}}));
            } catch (const PolicyError& error) {
                CHECK_THAT(error.problems().front().text(), ContainsSubstring("rules["));
            }
        }
    }
}

TEST_CASE("redacted arguments may be tested, and no value of a call is in what is told of it") {
    const Policy policy = Policy::from_yaml_text(R"(
rules:
  - tool: pay
    require_approval: true
    redact_fields: [pin]
    when: {args.pin: {equals: "4711"}}
)");
    const Json arguments = {{"pin", "0815"}};
    const Ruling ruling = ruling_on(policy, "pay", arguments);
    CHECK(ruling.metadata->find("0815") == std::string::npos);
    const auto explanation = policy.explain("pay", {.arguments = arguments,
                                                    .context = arguments,
                                                    .agent = {},
                                                    .environment = {},
                                                    .time = testing::saturday_morning()});
    CHECK(explanation.text().find("0815") == std::string::npos);
    CHECK(to_json_view(explanation).dump().find("0815") == std::string::npos);
}

TEST_CASE("an explanation says which rule decides, condition by condition, and what the others lacked") {
    const Policy policy = Policy::from_yaml_text(R"(
rules:
  - {tool: pay, auto_approve: true, when: {args.amount: {gte: 0, lte: 100}, args.to: {equals: ada}}}
  - {tool: pay, require_approval: true, risk_level: high}
)");
    const Json arguments = {{"amount", 500}};
    const auto explanation = policy.explain("pay", {.arguments = arguments,
                                                    .context = arguments,
                                                    .agent = {},
                                                    .environment = {},
                                                    .time = testing::saturday_morning()});
    CHECK(explanation.action == Action::hold);
    CHECK(explanation.text() ==
          "pay: held for approval\n"
          "  rules[1], pay\n"
          "  rules[0] pay: does not match (runs at once, risk low)\n"
          "      all: false\n"
          "        args.amount gte 0: true\n"
          "        args.amount lte 100: false\n"
          "        args.to equals \"ada\": unknown\n"
          "* rules[1] pay: matches (held for approval for 300 s, risk high)\n");
    const Json view = to_json_view(explanation);
    CHECK(view["action"] == "hold");
    CHECK(view["would_have"] == nullptr);
    CHECK(view["rules"][1]["chosen"] == true);
    CHECK(view["rules"][0]["conditions"].size() == 4);
}
