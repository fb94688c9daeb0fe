// YAML has more than a policy needs, and its readers disagree on some of it. None of that is accepted.

#include "approvekit/policy.hpp"

#include "support/catch.hpp"

#include "approvekit/error.hpp"
#include "policy/yaml_source.hpp"

#include <string>
#include <string_view>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// All problems of `text`, one per line; empty if the policy is accepted.
std::string refusal_of_yaml(std::string_view text) {
    try {
        (void)Policy::from_yaml_text(text, "p");
    } catch (const PolicyError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("H44 anchors, aliases and merge keys are refused and never expanded") {
    CHECK(refusal_of_yaml("rules: &r []") == "p:1:8: rules: anchors (&name) are not supported; write the value alone");
    CHECK(refusal_of_yaml("rules:\n- tool: &t a\n- tool: *t") ==
          "p:2:9: rules[0].tool: anchors (&name) are not supported; write the value alone\n"
          "p:3:9: rules[1].tool: aliases (*name) are not supported; write the value out");
    CHECK_THAT(refusal_of_yaml("rules: *r"), ContainsSubstring("p:1:8: this is not YAML"));
    CHECK_THAT(refusal_of_yaml("rules: &r"), ContainsSubstring("anchors"));
    CHECK_THAT(refusal_of_yaml("&k rules: []"), ContainsSubstring("anchors"));
    CHECK_THAT(refusal_of_yaml("rules: [{<<: {tool: a}}]"), ContainsSubstring("merge keys (<<) are not supported"));
}

TEST_CASE("H44 tags are refused, also where they would change nothing") {
    for (const char* text :
         {"!!map {rules: []}", "rules: !!seq []", "rules: [{tool: !!str a}]", "rules: [{tool: !str 1}]",
          "rules: [{tool: !<tag:yaml.org,2002:str> a}]", "rules: [{tool: ! a}]", "!!str rules: []",
          "rules: [{tool: a, require_approval: !!bool \"true\"}]", "rules: [{tool: !<?> a}]",
          "rules: [{tool: a, timeout: !!int '30'}]", "rules: ! []"}) {
        CAPTURE(text);
        CHECK_THAT(refusal_of_yaml(text), ContainsSubstring("tags (!name) are not supported"));
    }
}

TEST_CASE("a policy is one document without directives") {
    CHECK(refusal_of_yaml("---\nrules: []\n...\n").empty());
    CHECK(refusal_of_yaml("rules: []\n---\nrules: []") == "p:2:1: a second document starts here; a policy is one");
    CHECK_THAT(refusal_of_yaml("rules: []\n...\nunmatched: allow"), ContainsSubstring("a second document"));
    CHECK_THAT(refusal_of_yaml("rules: []\n---\n"), ContainsSubstring("a second document"));
    CHECK_THAT(refusal_of_yaml("  rules: []\nunmatched: allow"), ContainsSubstring("a second document"));
    CHECK_THAT(refusal_of_yaml(",rules: []"), ContainsSubstring("p:1:1: "));
    CHECK_THAT(refusal_of_yaml("%YAML 1.1\n---\nrules: []"), ContainsSubstring("p:1:1: directives"));
    CHECK_THAT(refusal_of_yaml("rules: []\n%unmatched: deny\n"), ContainsSubstring("p:2:1: directives"));
}

TEST_CASE("a text that was cut off is refused even where the rest could be read") {
    for (const char* text :
         {"rules:\n- tool: \"send_email", "rules:\n- tool: 'send_email", "rules: [", "rules: [{tool: a",
          "rules: [{tool: a}\n", "rules:\n- tool: \"a\n\n\n", "rules: []\n\"unmatched", "{rules: []"}) {
        CAPTURE(text);
        CHECK_THAT(refusal_of_yaml(text), ContainsSubstring("this is not YAML"));
    }
    CHECK_THAT(refusal_of_yaml("rules: []\nunmatched: 'deny"), ContainsSubstring("(the text ends too early)"));
}

TEST_CASE("what the parser stumbles upon is reported with its place") {
    CHECK(refusal_of_yaml("rules: []\nunmatched: a: b\n") == "p:2:13: this is not YAML: illegal map value");
    CHECK_THAT(refusal_of_yaml("rules: []\n\tunmatched: deny"), ContainsSubstring("p:2:"));
    CHECK_THAT(refusal_of_yaml("rules:\n- tool: a\n   timeout: 5"), ContainsSubstring("p:3:"));
    CHECK_THAT(refusal_of_yaml("rules: \"\\q\""), ContainsSubstring("this is not YAML"));
    CHECK_THAT(refusal_of_yaml("rules: ]"), ContainsSubstring("this is not YAML"));
}

TEST_CASE("a policy that looks different from what it says is refused") {
    CHECK(refusal_of_yaml("rules: [] # \xe2\x80\xae") ==
          "p:1:13: a policy must look like what it says, but here is the hidden character \\u202e");
    for (const std::string hidden :
         {"\x01", "\x04", "\x1b", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\x8b", "\xff", "\r"}) {
        CHECK_THAT(refusal_of_yaml("rules: [] # " + hidden), ContainsSubstring("p:1:13: a policy must look like"));
    }
    CHECK_THAT(refusal_of_yaml(std::string("rules: []\0x", 11)), ContainsSubstring("the hidden character \\x00"));
    CHECK_THAT(refusal_of_yaml("rules: [] # \xed\xa0\x80"), ContainsSubstring("not UTF-8"));
    CHECK_THAT(refusal_of_yaml(std::string("r\0u\0l\0e\0s\0", 10)), ContainsSubstring("\\x00"));
}

TEST_CASE("line ends of either kind, a byte order mark and tabs in comments are fine") {
    CHECK(refusal_of_yaml("\xef\xbb\xbf# a\tcomment\r\nrules:\r\n  - tool: a\r\n    timeout: 5\r\n").empty());
    CHECK(refusal_of_yaml("rules: []").empty());
}

TEST_CASE("a plain scalar is what every reader of YAML takes it for, or nothing") {
    using policy::plain_scalar;
    CHECK(plain_scalar("true") == Json(true));
    CHECK(plain_scalar("false") == Json(false));
    CHECK(plain_scalar("0") == Json(0));
    CHECK(plain_scalar("-17") == Json(-17));
    CHECK(plain_scalar("18446744073709551615") == Json(18'446'744'073'709'551'615U));
    CHECK(plain_scalar("0.25") == Json(0.25));
    for (const char* text :
         {"send_email", "a b", "127.0.0.1", "3rd_party", "1a", "-", "a:1", "v1.2", "-x", "é", "e5", "+"}) {
        CAPTURE(text);
        CHECK(plain_scalar(text) == Json(text));
    }
    for (const char* text : {"",
                             "~",
                             "null",
                             "Null",
                             "NULL",
                             "True",
                             "FALSE",
                             "yes",
                             "Yes",
                             "no",
                             "ON",
                             "off",
                             "y",
                             "N",
                             "010",
                             "-010",
                             "0x1F",
                             "0o17",
                             "0b11",
                             "1_000",
                             "+1",
                             "1.",
                             ".5",
                             "-.5",
                             "1e5",
                             "1.5e3",
                             "1E5",
                             ".inf",
                             "-.INF",
                             "+.inf",
                             ".NaN",
                             "1:30",
                             "190:20:30.15",
                             "2026-01-31",
                             "2026-01-31T09:05:00Z",
                             "2026-01-31 09:05:00",
                             "<<",
                             "=",
                             "18446744073709551616",
                             ":\"a b\""}) {
        CAPTURE(text);
        CHECK_FALSE(plain_scalar(text).has_value());
    }
}
