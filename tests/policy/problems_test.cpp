#include "policy/document.hpp"

#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using policy::Problems;

TEST_CASE("problems come in the order of the text, whatever the order they were found in") {
    Problems problems("p.yaml", "one\ntwo\nthree");
    problems.add(json::TextPosition{.line = 3, .column = 5}, "last");
    problems.add(8, "c", "third");
    problems.add(0, "a", "first");
    problems.add(5, "b", "second");

    std::string text;
    for (const PolicyProblem& problem : problems.take())
        text += problem.text() + "\n";
    CHECK(text ==
          "p.yaml:1:1: a: first\n"
          "p.yaml:2:2: b: second\n"
          "p.yaml:3:1: c: third\n"
          "p.yaml:3:5: last\n");
}

TEST_CASE("problems in the same place keep their order") {
    Problems problems("p", "x");
    problems.add(0, "a", "first");
    problems.add(0, "a", "second");
    CHECK(problems.take().front().message == "first");
}

TEST_CASE("a policy without a text has problems without a line") {
    Problems problems;
    problems.add(0, "rule.tool", "is empty");
    CHECK(problems.take().front().text() == "rule.tool: is empty");
}

TEST_CASE("a hundred problems are listed and the rest is counted") {
    Problems problems("p", "x");
    for (int i = 0; i < 100; ++i)
        problems.add(0, {}, "wrong");
    CHECK(problems.is_full());
    for (int i = 0; i < 23; ++i)
        problems.add(0, {}, "wrong");

    const auto listed = problems.take();
    REQUIRE(listed.size() == 101);
    CHECK(listed.back().text() == "p: and 23 more problems");
}

TEST_CASE("a path shows odd keys as what they are") {
    CHECK(policy::child_path("", "rules") == "rules");
    CHECK(policy::child_path("rules", 2) == "rules[2]");
    CHECK(policy::child_path("rules[2]", "timeout") == "rules[2].timeout");
    CHECK(policy::child_path("a", "b.c") == "a.\"b.c\"");
    CHECK(policy::child_path("a", "") == "a.\"\"");
    CHECK(policy::child_path("a", "\x1b[31m") == "a.\"\\x1b[31m\"");
}

TEST_CASE("a quotation is escaped and short") {
    CHECK(policy::quote("plain") == "\"plain\"");
    CHECK(policy::quote("a\nb") == "\"a\\nb\"");
    CHECK(policy::quote("\xff") == "\"\\xff\"");
    CHECK(policy::quote(std::string(1000, 'x')) == "\"" + std::string(80, 'x') + "...\"");
}
