// Tricks that pass a test of a value or change the choice of a rule in other programs, and what happens to them here.

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

#include "policy/draft.hpp"
#include "policy/judged.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using approvekit::testing::truth_of_condition;
using approvekit::testing::truth_of_test;
using approvekit::testing::warnings_of;
using approvekit::testing::warnings_of_condition;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("H137 a boolean is no number, and a text none") {
    CHECK(truth_of_test("{equals: 1}", true) == "unknown");
    CHECK(truth_of_test("{equals: 1}", "1") == "unknown");
    CHECK(truth_of_test("{equals: 1}", Json::array({1})) == "unknown");
    CHECK(truth_of_test("{equals: 1}", nullptr) == "unknown");
    CHECK(truth_of_test("{lte: 100}", true) == "unknown");
    CHECK(truth_of_test("{lte: 100}", "1") == "unknown");
    CHECK(truth_of_test("{lte: 100}", Json::array({1})) == "unknown");
    CHECK(truth_of_test("{lte: 100}", nullptr) == "unknown");
    CHECK(truth_of_test("{equals: true}", 1) == "unknown");
}

TEST_CASE("H137 a list of texts and numbers is not passed by the same in another type") {
    for (const char* const text : {"0", "0.0", " 0 ", "+0", "-0", "0x0", "0b0", "00", "0e5", "", "0 or so", "\uFF10"}) {
        CAPTURE(text);
        CHECK(truth_of_test("{not_in: [0, root]}", text) == "unknown");
        CHECK(truth_of_test("{in: [0, root]}", text) == "unknown");
        CHECK(truth_of_test("{some: {in: [0, root]}}", Json::array({text})) == "unknown");
    }
    CHECK(truth_of_test("{not_in: [16, root]}", "0x10") == "unknown");
    CHECK(truth_of_test("{not_in: [1000, root]}", "1_000") == "unknown");
    CHECK(truth_of_test("{not_in: [0, \"7\"]}", 7) == "unknown");
    CHECK(truth_of_test("{in: [true, \"yes\", 1]}", "true") == "unknown");
    CHECK(truth_of_test("{in: [true, \"yes\"]}", 2) == "unknown");
    CHECK(truth_of_test("{not_in: [0, root]}", "1") == "true");
    CHECK(truth_of_test("{not_in: [0, root]}", 7) == "true");
    CHECK(truth_of_test("{not_in: [0, root]}", "ada") == "true");
    CHECK(truth_of_test("{in: [0, root]}", "root") == "true");
}

TEST_CASE("H138 large numbers are not rounded") {
    CHECK(truth_of_test("{lte: 9007199254740992}", 9'007'199'254'740'993) == "false");
    CHECK(truth_of_test("{lte: 9007199254740992}", 9'007'199'254'740'992.0) == "true");
    CHECK(truth_of_test("{lte: 100}", 18'446'744'073'709'551'615U) == "false");
    CHECK(truth_of_test("{lte: 100}", 1e300) == "false");
}

TEST_CASE("H139 what is not a number compares with nothing") {
    CHECK(truth_of_test("{equals: 1}", std::nan("")) == "unknown");
    CHECK(truth_of_test("{not_equals: 1}", std::nan("")) == "unknown");
    CHECK(truth_of_test("{lte: 100}", std::nan("")) == "unknown");
    CHECK(truth_of_test("{gte: 0}", std::nan("")) == "unknown");
    CHECK(truth_of_test("{between: [0, 100]}", std::nan("")) == "unknown");
}

TEST_CASE("H140 a check warns of bounds that are open on one side") {
    CHECK(truth_of_test("{lte: 100}", -50'000) == "true");
    CHECK_THAT(warnings_of_condition("{args.value: {lte: 100}}"),
               ContainsSubstring("no lower bound: negative numbers pass too"));
    CHECK_THAT(warnings_of_condition("{all: [{args.value: {gte: 0}}]}"), ContainsSubstring("no upper bound"));
    CHECK(warnings_of_condition("{args.value: {gte: 0, lte: 100}}").empty());
    for (const std::string open : {"{not: {args.value: {gt: 100}}}", "{args.value: {every: {lte: 100}}}",
                                   "{any: [{args.value: {lte: 100}}, {args.value: {equals: 500}}]}"}) {
        CAPTURE(open);
        CHECK_THAT(warnings_of_condition(open), ContainsSubstring("no lower bound: negative numbers pass too"));
    }
    CHECK(warnings_of_condition("{not: {args.value: {gt: 100}}, args.value: {gte: 0}}").empty());
    CHECK(
        warnings_of_condition("{args.value: {gte: 0}, any: [{args.value: {lte: 1}}, {args.value: {lt: 9}}]}").empty());
    CHECK_THAT(warnings_of("rules: [{tool: t, require_approval: true, observe: true, when: {args.value: {lte: 1}}}]"),
               ContainsSubstring("no lower bound: negative numbers pass too"));
}

TEST_CASE("H140 a check warns of a rule that allows what another one's bound leaves to it, negative numbers too") {
    const auto beside = [](const std::string& other) {
        return warnings_of("rules: [{tool: t, require_approval: true, when: {args.value: {gt: 100}}}, {tool: t, " +
                           other + "}]");
    };
    CHECK_THAT(beside("auto_approve: true"),
               ContainsSubstring("args.value: rules[1] lets everything below this bound run, negative numbers too"));
    CHECK_THAT(beside("auto_approve: true, when: {args.other: {gte: 0}}"), ContainsSubstring("rules[1] lets"));
    CHECK_THAT(beside("auto_approve: true, when: {any: [{args.value: {gte: 0}}, {agent: {equals: a}}]}"),
               ContainsSubstring("rules[1] lets"));
    CHECK(beside("auto_approve: true, when: {args.value: {gte: 0, lte: 100}}").empty());
    CHECK(beside("auto_approve: true, limit: {sum: args.value, max: 1000, per: 1h}").empty());
    CHECK(beside("require_approval: true").empty());
}

TEST_CASE("a check warns of a pattern that every text passes, and of signs that patterns do not know") {
    CHECK_THAT(warnings_of_condition("{args.value: {matches: \"*\"}}"), ContainsSubstring("every text passes"));
    CHECK(warnings_of("rules: [{tool: t, deny: no more, when: {args.value: {matches: \"*\"}}}]").empty());
    for (const std::string pattern : {"report-?.txt", "report-[0-9].txt"}) {
        CAPTURE(pattern);
        CHECK_THAT(warnings_of_condition("{args.value: {every: {matches: \"" + pattern + "\"}}}"),
                   ContainsSubstring("stand for themselves"));
        CHECK_THAT(warnings_of("rules: [{tool: t, deny: no more, when: {args.value: {matches: \"" + pattern + "\"}}}]"),
                   ContainsSubstring("stand for themselves"));
    }
    CHECK(warnings_of_condition("{args.value: {matches: \"https://example.com/search?q=*\"}}").empty());
}

TEST_CASE("a check warns of patterns that let more run than it seems") {
    const std::vector<std::pair<std::string, std::string>> loose{
        {"args.path: {matches: \"/work/*\"}", "path: {under"},
        {"args.url: {matches: \"https://example.com*\"}", "url: {host_in"},
        {"args.url: {matches: \"https://*.example.com/*\"}", "url: {host_in"},
        {"args.to: {matches: \"*@example.com\"}", "email: {domain_in"},
        {"args.cmd: {matches: \"git status*\"}", "command: {no_shell_syntax"},
        {"args.cmd: {regex: 'git (status|log)(\\s+[a-z]+)*'}", "match line breaks"},
        {"args.text: {regex_anywhere: 'a[^;]b'}", "match line breaks"},
    };
    for (const auto& [tests, advice] : loose) {
        CAPTURE(tests);
        CHECK_THAT(warnings_of_condition("{" + tests + "}"), ContainsSubstring(advice));
        CHECK_THAT(warnings_of("rules: [{tool: t, deny: no more, when: {" + tests + "}}]"), !ContainsSubstring(advice));
    }
    for (const std::string tests :
         {"args.url: {matches: \"https://example.com/*\"}", "args.subject: {matches: \"Re: *\"}",
          "args.cmd: {matches: \"git status\"}", "args.cmd: {regex: 'git [a-z]+'}"}) {
        CAPTURE(tests);
        CHECK(warnings_of_condition("{" + tests + "}").empty());
    }
}

TEST_CASE("H141 what is missing passes no test that allows and every one that denies") {
    CHECK(truth_of_condition("{args.other: {equals: 1}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {not_equals: 1}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {not_in: [1]}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {lt: 1}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {contains: a}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {length: {lte: 3}}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {matches: a}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {regex: a}}", Json{{"value", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.other: {every: {equals: 1}}}", Json{{"value", 1}}) == "unknown");
}

TEST_CASE("H142 a key on the way that is no object is not known") {
    CHECK(truth_of_condition("{args.a.b: {equals: 1}}", Json{{"a", "text"}}) == "unknown");
    CHECK(truth_of_condition("{args.a.b: {equals: 1}}", Json{{"a", 1}}) == "unknown");
    CHECK(truth_of_condition("{args.a.b: {equals: 1}}", Json{{"a", Json::array({1})}}) == "unknown");
    CHECK(truth_of_condition("{args.a.b: {equals: 1}}", Json{{"a", nullptr}}) == "unknown");
}

TEST_CASE("H143 a check names exists where a wide rule denies") {
    CHECK_THAT(warnings_of("rules: [{tool: \"*\", deny: no way, when: {args.to: {equals: x}}}]"),
               ContainsSubstring("denies every call that has no args.to too; with exists: true beside it"));
    CHECK_THAT(warnings_of("rules: [{tool: \"*\", deny: no way, when: {args.to: {equals: x, exists: true}}}]"),
               !ContainsSubstring("exists: true beside it"));
}

TEST_CASE("H144 a list of what is bad lets other spellings through") {
    CHECK(truth_of_test("{not_in: [evil]}", "Evil") == "true");
    CHECK(truth_of_test("{in: [good]}", "Evil") == "false");
    CHECK(truth_of_test("{not_in: [\"caf\u00e9\"], nfc: true}", "cafe\u0301") == "false");
}

TEST_CASE("H145 a list does not pass the test of a text") {
    CHECK(truth_of_test("{in: [ok]}", Json::array({"ok", "evil"})) == "unknown");
    CHECK(truth_of_test("{every: {in: [ok]}}", Json::array({"ok", "evil"})) == "false");
    CHECK(truth_of_test("{matches: \"ok*\"}", Json::array({"ok"})) == "unknown");
}

TEST_CASE("H146 a line break does not pass a pattern of one line") {
    CHECK(truth_of_test("{matches: \"ok*\"}", "ok\nevil") == "unknown");
    CHECK(truth_of_test("{matches: \"no*\"}", "ok\nevil") == "false");
    CHECK(truth_of_test("{regex: \"ok.*\"}", "ok\nevil") == "unknown");
    CHECK(truth_of_test("{regex: \"ok$\"}", "ok\n") == "unknown");
    for (const std::string& line_end :
         {std::string("\r"), std::string("\v"), std::string("\f"), std::string("\x1C"), std::string("\x1D"),
          std::string("\x1E"), std::string("\xC2\x85"), std::string("\xE2\x80\xA8"), std::string("\xE2\x80\xA9"),
          std::string(1, '\0')}) {
        CHECK(truth_of_test("{matches: \"ok*\"}", "ok" + line_end + "evil") == "unknown");
        CHECK(truth_of_test("{regex: \"ok.*\"}", "ok" + line_end + "evil") == "unknown");
        CHECK(truth_of_test("{regex_anywhere: \"k.e\"}", "ok" + line_end + "evil") == "unknown");
        CHECK(truth_of_test("{regex_anywhere: \"o.\"}", "ok" + line_end + "evil") == "true");
    }
}

TEST_CASE("H146 a line break does not get past a pattern that denies") {
    const Policy policy = Policy::from_yaml_text(
        "rules: [{tool: sql, deny: no way, when: {args.q: {matches: \"*DROP TABLE*\"}}}, "
        "{tool: sql, deny: no way, when: {args.q: {regex: \".*DELETE.*\"}}}, {tool: sql, auto_approve: true}]");
    CHECK(policy.evaluate("sql", {{"q", "DROP TABLE x\n"}}).action == Action::deny);
    CHECK(policy.evaluate("sql", {{"q", "DELETE\nFROM x"}}).action == Action::deny);
    CHECK(policy.evaluate("sql", {{"q", "SELECT 1\n"}}).action == Action::allow);
}

TEST_CASE("H146 a line that a pattern denies is denied between other lines too") {
    for (const std::string text : {"sudo ls\n", "\nsudo ls", "ls\nsudo ls", "ls\r\nsudo ls\r\n", "ls\n\n\nsudo ls"}) {
        CAPTURE(text);
        CHECK(truth_of_test("{matches: \"sudo *\"}", text) == "unknown");
        CHECK(truth_of_test("{regex: \"sudo [a-z]+\"}", text) == "unknown");
    }
    CHECK(truth_of_test("{regex_anywhere: \"^(sudo|rm) \"}", "\nsudo ls") == "unknown");
    CHECK(truth_of_test("{regex: \"shutdown( -[a-z]+)*\"}", "shutdown -h\n") == "unknown");
    CHECK(truth_of_test("{matches: \"sudo *\"}", "ls\npseudo ls") == "false");
}

TEST_CASE("H152 marks upon marks take no longer to compare than they are long") {
    std::string marks = "a";
    for (int index = 0; index < 100'000; ++index)
        marks += "\u0301";
    for (int index = 0; index < 100'000; ++index)
        marks += "\u0316";
    CHECK(truth_of_test("{equals: caf\u00e9, nfc: true}", marks) == "unknown");
}

TEST_CASE("H152 marks upon marks do not hide a word from a rule that denies it") {
    const std::string too_many = [] {
        std::string marks = " x";
        for (int count = 0; count < 31; ++count)
            marks += "\u0301";
        return marks;
    }();
    for (const std::string test : {"contains: caf\u00e9", "equals: caf\u00e9", "in: [caf\u00e9]",
                                   "matches: \"*caf\u00e9*\"", "regex_anywhere: caf\u00e9"}) {
        CAPTURE(test);
        CHECK(truth_of_test("{" + test + ", nfc: true}", "cafe\u0301" + too_many) == "unknown");
        CHECK(truth_of_test("{" + test + "}", "cafe\u0301" + too_many) == "false");
    }
    CHECK(truth_of_test("{contains: caf\u00e9, nfc: true}", "caf\u00e9" + too_many) == "true");
}

TEST_CASE("H153 a text of a test that ends in a line break is refused") {
    const auto policy_with = [](const std::string& test, const std::string& block) {
        return Policy::from_yaml_text("rules:\n  - tool: sql\n    deny: not so\n    when:\n      args.q:\n        " +
                                      test + ": " + block +
                                      "\n          DROP TABLE\n  - {tool: sql, auto_approve: true}\n");
    };
    for (const std::string test : {"regex_anywhere", "contains", "equals"}) {
        CAPTURE(test);
        CHECK_THROWS_AS(policy_with(test, "|"), PolicyError);
        CHECK(policy_with(test, "|-").evaluate("sql", {{"q", "DROP TABLE"}}).action == Action::deny);
    }
}

TEST_CASE("H147 a regular expression that others hang on is linear") {
    CHECK(truth_of_test("{regex: \"(a+)+b\"}", std::string(100'000, 'a')) == "false");
}

TEST_CASE("H148 a regular expression that grows is refused") {
    CHECK_THROWS_AS(truth_of_test("{regex: \"((a{900}){900}){9}\"}", "a"), PolicyError);
    CHECK_THROWS_AS(truth_of_test("{regex: \"" + std::string(2000, 'a') + "\"}", "a"), PolicyError);
}

TEST_CASE("H149 a name that differs in a byte is another tool") {
    const Policy policy = Policy::from_yaml_text("rules: [{tool: \"payments.*\", auto_approve: true}]");
    CHECK(policy.evaluate("Payments.send", Json::object()).action == Action::hold);
    CHECK(policy.evaluate("xpayments.send", Json::object()).action == Action::hold);
    CHECK(policy.evaluate(" payments.send", Json::object()).action == Action::hold);
    CHECK(policy.evaluate("payments", Json::object()).action == Action::hold);
}

TEST_CASE("H150 no wider rule lets run what a specific one did not") {
    const Policy policy = Policy::from_yaml_text(
        "rules:\n- {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}}}\n- {tool: \"*\", "
        "auto_approve: true}\nunmatched: allow\n");
    CHECK(policy.evaluate("pay", Json{{"amount", 11}}).action == Action::hold);
    CHECK(policy.evaluate("pay", Json{{"amount", "5"}}).action == Action::hold);
    CHECK(policy.evaluate("other", Json{{"amount", 11}}).action == Action::allow);
}

TEST_CASE("H151 a check names a wide rule that loses tools to a longer name") {
    const auto beside = [](const std::string& held, const std::string& allowed) {
        return warnings_of("rules: [{tool: \"" + held + "\", require_approval: true}, {tool: \"" + allowed +
                           "\", auto_approve: true}]");
    };
    CHECK_THAT(
        beside("*.delete", "database.*"),
        ContainsSubstring("does not hold what database.* matches too: that name has more characters, so rules[1] "
                          "lets it run"));
    CHECK_THAT(beside("data*", "*database.*"), ContainsSubstring("does not hold what"));
    for (const std::string allowed : {"db.*", "database.delete", "delete.*.x", "*.database.delete", "*.delete.all"})
        CHECK_THAT(beside("*.delete", allowed), !ContainsSubstring("does not hold what"));
    CHECK_THAT(beside("*", "database.*"), !ContainsSubstring("does not hold what"));
}

TEST_CASE("H151 a rule that never counts is not passed over in silence") {
    CHECK_THAT(warnings_of("rules: [{tool: pay, auto_approve: true}, {tool: \"p*\", deny: no way}]"),
               ContainsSubstring("never counts: rules[1] denies all of its calls"));
    CHECK_THAT(warnings_of("rules: [{tool: pay, auto_approve: true, when: {args.value: {gt: 10, lt: 5}}}]"),
               ContainsSubstring("no number is within these bounds"));
}
