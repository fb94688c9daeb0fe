// Which of several rules decides on a call.

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

#include "policy/glob.hpp"
#include "policy/judged.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

using namespace approvekit;
using approvekit::testing::ruling_on;
using Catch::Matchers::ContainsSubstring;

namespace {

Policy policy_of(const std::string& rules) {
    return Policy::from_yaml_text("rules:\n" + rules);
}

/// The problems of a policy that is refused, each "line:column: path: message".
std::vector<std::string> problems_in(const std::string& rules) {
    std::vector<std::string> texts;
    try {
        static_cast<void>(policy_of(rules));
    } catch (const PolicyError& error) {
        for (PolicyProblem problem : error.problems()) {
            problem.file.clear();
            texts.push_back(problem.text());
        }
    }
    return texts;
}

Action action_on(const Policy& policy, const std::string& tool, const Json& arguments = Json::object()) {
    return ruling_on(policy, tool, arguments).action;
}

std::string matched_rule(const Ruling& ruling) {
    return Json::parse(*ruling.metadata).value("matched_rule", "nothing is said");
}

}  // namespace

TEST_CASE("a star in a name stands for anything") {
    const Policy policy = policy_of(R"(
  - {tool: "payments.*", require_approval: true}
  - {tool: "mcp__*__read_*", auto_approve: true}
  - {tool: "*_draft", auto_approve: true}
  - {tool: "*", deny: "not in this policy"}
)");
    CHECK(action_on(policy, "payments.send") == Action::deny);  // a rule that denies and matches wins over all

    const Policy without_deny = policy_of(R"(
  - {tool: "payments.*", require_approval: true}
  - {tool: "mcp__*__read_*", auto_approve: true}
  - {tool: "*_draft", auto_approve: true}
)");
    CHECK(action_on(without_deny, "payments.send") == Action::hold);
    CHECK(action_on(without_deny, "payments.") == Action::hold);
    CHECK(action_on(without_deny, "mcp__files__read_text") == Action::allow);
    CHECK(action_on(without_deny, "mcp__read_text") == Action::hold);
    CHECK(action_on(without_deny, "mail_draft") == Action::allow);
    CHECK(action_on(without_deny, "mail_drafts") == Action::hold);
}

TEST_CASE("the most specific name wins, wherever it stands") {
    const std::vector<std::string> rules = {"  - {tool: \"*\", require_approval: true, risk_level: any}\n",
                                            "  - {tool: \"pay*\", require_approval: true, risk_level: pay}\n",
                                            "  - {tool: \"payments.*\", auto_approve: true, risk_level: payments}\n",
                                            "  - {tool: payments.send, require_approval: true, risk_level: exact}\n"};
    std::string forwards;
    std::string backwards;
    for (const std::string& rule : rules) {
        forwards += rule;
        backwards.insert(0, rule);
    }
    for (const Policy& policy : {policy_of(forwards), policy_of(backwards)}) {
        CHECK(policy.evaluate("payments.send").rule->risk_level == "exact");
        CHECK(policy.evaluate("payments.list").rule->risk_level == "payments");
        CHECK(policy.evaluate("payroll").rule->risk_level == "pay");
        CHECK(policy.evaluate("mail").rule->risk_level == "any");
    }
}

TEST_CASE("of two names with as many characters the first in the file counts") {
    const Policy policy = policy_of(R"(
  - {tool: "ab*", require_approval: true, risk_level: first}
  - {tool: "*yz", auto_approve: true, risk_level: second}
)");
    CHECK(policy.evaluate("ab_yz").rule->risk_level == "first");
    CHECK(policy.evaluate("b_yz").rule->risk_level == "second");
}

TEST_CASE("among rules of one name the first that matches counts, the one without a condition last") {
    const Policy policy = policy_of(R"(
  - {tool: pay, require_approval: true, risk_level: any}
  - {tool: pay, auto_approve: true, risk_level: small, when: {args.amount: {between: [0, 10]}}}
  - {tool: pay, require_approval: true, risk_level: middle, when: {args.amount: {between: [5, 100]}}}
)");
    CHECK(ruling_on(policy, "pay", {{"amount", 5}}).rule->risk_level == "small");
    CHECK(ruling_on(policy, "pay", {{"amount", 50}}).rule->risk_level == "middle");
    CHECK(ruling_on(policy, "pay", {{"amount", 500}}).rule->risk_level == "any");
    CHECK(ruling_on(policy, "pay", {{"amount", "5"}}).rule->risk_level == "middle");  // unknown: holds, does not allow
}

TEST_CASE("a rule that denies and matches wins over every other, at whatever name") {
    const Policy policy = policy_of(R"(
  - {tool: send, auto_approve: true}
  - {tool: "*", deny: "nothing leaves at night", when: {context.night: {equals: true, exists: true}}}
)");
    CHECK(ruling_on(policy, "send", Json::object()).action == Action::allow);
    CHECK(ruling_on(policy, "send", Json::object(), {{"night", false}}).action == Action::allow);
    const Ruling denied = ruling_on(policy, "send", Json::object(), {{"night", true}});
    CHECK(denied.action == Action::deny);
    CHECK(denied.rule->deny == "nothing leaves at night");
    CHECK(matched_rule(denied) == "rules[1], *");
}

TEST_CASE("a tool that a more specific name mentions never falls through to a wider rule that allows") {
    const std::string pay = "  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}}}\n";
    const Policy allows = policy_of(pay + "  - {tool: \"*\", auto_approve: true}\n");
    CHECK(action_on(allows, "pay", {{"amount", 5}}) == Action::allow);
    CHECK(action_on(allows, "list") == Action::allow);
    const Ruling held = ruling_on(allows, "pay", {{"amount", 50}});
    CHECK(held.action == Action::hold);
    CHECK(matched_rule(held) == "none: no rule for pay matches this call");
    CHECK(Json::parse(*held.metadata)["require_approval"] == true);

    const Policy holds = policy_of(pay + "  - {tool: \"pa*\", require_approval: true, risk_level: high}\n");
    const Ruling by_wider = ruling_on(holds, "pay", {{"amount", 50}});
    CHECK(by_wider.rule->risk_level == "high");
    CHECK(matched_rule(by_wider) == "rules[1], pa*, since no rule for pay matches this call");
}

TEST_CASE("what unmatched allows does not loosen a tool that a rule mentions, what it denies stays denied") {
    const std::string rules = "  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}}}\n";
    const Policy allows = policy_of(rules + "unmatched: allow\n");
    CHECK(action_on(allows, "list") == Action::allow);
    CHECK(action_on(allows, "pay", {{"amount", 50}}) == Action::hold);
    const Policy denies = policy_of(rules + "unmatched: deny\n");
    CHECK(action_on(denies, "pay", {{"amount", 50}}) == Action::deny);
}

TEST_CASE("of a name alone nothing is loosened") {
    const Policy policy = policy_of(R"(
  - {tool: pay, auto_approve: true, when: {not: {args.amount: {exists: true}}}}
  - {tool: send, deny: "no", when: {args.to: {equals: x}}}
)");
    CHECK(policy.evaluate("pay").action == Action::hold);
    CHECK(policy.evaluate("send").action == Action::deny);
}

TEST_CASE("what one rule of a name hides, every decision on a tool of that name hides") {
    const Policy policy = policy_of(R"(
  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}}}
  - {tool: pay, require_approval: true, redact_fields: [iban], when: {args.amount: {between: [11, 100]}}}
  - {tool: "*", require_approval: true, redact_fields: [password]}
)");
    using Fields = std::vector<std::string>;
    CHECK(ruling_on(policy, "pay", {{"amount", 5}}).rule->redact_fields == std::vector<std::string>{"iban"});
    CHECK(ruling_on(policy, "pay", {{"amount", 50}}).rule->redact_fields == std::vector<std::string>{"iban"});
    const Ruling wider = ruling_on(policy, "pay", {{"amount", 500}});
    CHECK(wider.rule->redact_fields == Fields{"password", "iban"});
    CHECK(Json::parse(*wider.metadata)["redact_fields"] == Json{"password", "iban"});
    CHECK(ruling_on(policy, "list", Json::object()).rule->redact_fields == Fields{"password"});
}

TEST_CASE("a rule that only observes lets the call run and says what would have happened") {
    const Policy policy = policy_of(R"(
  - {tool: send, require_approval: true, observe: true, when: {args.to: {equals: boss}}}
  - {tool: send, auto_approve: true}
  - {tool: "s*", deny: "no", observe: true, when: {args.to: {equals: thief}}}
)");
    const Ruling observed = ruling_on(policy, "send", {{"to", "boss"}});
    CHECK(observed.action == Action::allow);
    CHECK(observed.would_have == Action::hold);
    CHECK(Json::parse(*observed.metadata)["would_have"] == "hold");

    const Ruling denied = ruling_on(policy, "send", {{"to", "thief"}});
    CHECK(denied.action == Action::allow);
    CHECK(denied.would_have == Action::deny);
    CHECK(Json::parse(*denied.metadata)["would_have"] == "deny");

    CHECK_FALSE(ruling_on(policy, "send", {{"to", "friend"}}).would_have);
    CHECK(ruling_on(policy, "send", {{"to", 1}}).would_have == Action::deny);  // unknown counts as a match
}

TEST_CASE("G12 a rule that only observes lets nothing run by what cannot be evaluated") {
    const Policy policy = policy_of(R"(
  - {tool: pay, require_approval: true, observe: true, when: {args.amount: {between: [100, 1000]}}}
  - {tool: pay, require_approval: true}
)");
    CHECK(action_on(policy, "pay", {{"amount", 500}}) == Action::allow);
    for (const Json& arguments : {Json::object(), Json{{"amount", "1000000"}}, Json{{"amount", nullptr}}}) {
        const Ruling ruling = ruling_on(policy, "pay", arguments);
        CHECK(ruling.action == Action::hold);
        CHECK(ruling.would_have == Action::hold);
    }
    const Policy alone = policy_of("  - {tool: pay, deny: not yet, observe: true, when: {args.amount: {gt: 1}}}\n");
    CHECK(action_on(alone, "pay", Json::object()) == Action::hold);
}

TEST_CASE("G7 by its name alone a tool hides what any rule for it hides") {
    const Policy policy = policy_of(R"(
  - {tool: crm.get, require_approval: true, when: {args.id: {gt: 1000}}}
  - {tool: "crm.*", require_approval: true, redact_fields: [iban]}
)");
    CHECK(policy.evaluate("crm.get").rule->redact_fields == std::vector<std::string>{"iban"});
}

TEST_CASE("a rule that denies in observation loosens nothing that others hold") {
    const Policy policy = policy_of(R"(
  - {tool: send, require_approval: true}
  - {tool: "*", deny: "no", observe: true}
)");
    CHECK(action_on(policy, "send") == Action::hold);
    CHECK(ruling_on(policy, "send", Json::object()).would_have == Action::deny);
}

TEST_CASE("a rule that another one makes unreachable is an error") {
    const std::string first = "  - {tool: pay, require_approval: true, when: {args.amount: {gt: 10}}}\n";
    CHECK(problems_in(first +
                      "  - {tool: pay, auto_approve: true, when: {args.amount: {gt: 10}, agent: {equals: x}}}\n") ==
          std::vector<std::string>{
              "3:5: rules[1]: can never match: rules[0] matches first whatever call this one is for"});
    CHECK(problems_in("  - {tool: pay, deny: never}\n" + first).size() == 1);
    CHECK(problems_in(first + "  - {tool: pay, deny: never}\n").size() == 1);
    CHECK(problems_in(first + first).size() == 1);
    CHECK(problems_in("  - {tool: pay}\n  - {tool: pay}\n").size() == 1);
    CHECK(problems_in("  - {tool: \"p*\"}\n  - {tool: \"p*\"}\n").size() == 1);
    // A rule that allows leaves what cannot be evaluated to the next rule.
    CHECK(problems_in("  - {tool: pay, auto_approve: true, when: {args.amount: {lt: 10}}}\n"
                      "  - {tool: pay, require_approval: true, when: {args.amount: {lt: 10}}}\n")
              .empty());
    CHECK(problems_in(first + "  - {tool: pay, require_approval: true, when: {args.amount: {gt: 11}}}\n").empty());
}

TEST_CASE("a rule that was built in code is held against the others of its name") {
    Policy policy = policy_of("  - {tool: pay, require_approval: true, when: {args.amount: {gt: 10}}}\n");
    PolicyRule rule{.tool = "pay", .auto_approve = true, .when = {{"args.amount", {{"gt", 10}}}}};
    CHECK_THROWS_AS(policy.add_rule(rule), PolicyError);
    rule.when = {{"args.amount", {{"lte", 10}, {"gte", 0}}}};
    CHECK(action_on(policy.add_rule(rule), "pay", {{"amount", 10}}) == Action::allow);
    rule.when = {{"args.amount", {{"lt", "10"}}}};
    CHECK_THROWS_AS(policy.add_rule(rule), PolicyError);
}

TEST_CASE("effects that contradict each other are errors") {
    CHECK_THAT(problems_in("  - {tool: a, deny: no way, auto_approve: true}\n").at(0), ContainsSubstring("denies"));
    CHECK_THAT(problems_in("  - {tool: a, deny: no way, require_approval: true}\n").at(0), ContainsSubstring("denies"));
    CHECK_THAT(problems_in("  - {tool: a, observe: true}\n").at(0), ContainsSubstring("observes nothing"));
    CHECK_THAT(problems_in("  - {tool: a, auto_approve: true, observe: true}\n").at(0),
               ContainsSubstring("observes nothing"));
    CHECK_THAT(problems_in("  - {tool: a, deny: true}\n").at(0), ContainsSubstring("expected a text"));
    CHECK_THAT(problems_in("  - {tool: a, deny: \"\"}\n").at(0), ContainsSubstring("is empty"));
    CHECK_THAT(problems_in("  - {tool: \"a**b\"}\n").at(0), ContainsSubstring("two stars"));
}

TEST_CASE("a policy with conditions survives the way to JSON and back") {
    const Policy policy = policy_of(R"(
  - tool: "pay*"
    auto_approve: true
    when:
      args.amount: {gte: 0, lte: 99.5}
      any: [{agent: {equals: mailer}}, {not: {args.to: {in: [a, b]}}}]
  - {tool: send, deny: no way, observe: true}
)");
    const Policy again = Policy::from_json(policy.as_json());
    CHECK(again.as_json() == policy.as_json());
    CHECK(again.digest() == policy.digest());
    CHECK(ruling_on(again, "pay", {{"amount", 99.5}}).action == Action::allow);
}

TEST_CASE("names are found as if each were looked at") {
    const std::vector<std::string> globs = {"a*",   "*a",   "*a*", "a*b", "ab*", "*ab",
                                            "a*b*", "*a*b", "*",   "a*a", "b*",  "ba*ab"};
    const std::vector<std::string> names = {"",     "a",    "b",   "ab",  "ba",  "aa", "aab",
                                            "abab", "baab", "bab", "cab", "abc", "c"};
    policy::NameIndex index;
    for (std::size_t id = 0; id < globs.size(); ++id)
        index.add(policy::Glob(globs[id]), id);
    for (const std::string& name : names) {
        CAPTURE(name);
        std::vector<std::size_t> found;
        index.find(name, found);
        std::sort(found.begin(), found.end());
        std::vector<std::size_t> expected;
        for (std::size_t id = 0; id < globs.size(); ++id) {
            const std::string pattern = std::regex_replace(globs[id], std::regex("\\*"), ".*");
            if (std::regex_match(name, std::regex(pattern))) expected.push_back(id);
        }
        CHECK(found == expected);
    }
}

TEST_CASE("timeouts may have a unit") {
    const Policy policy = Policy::from_yaml_text(
        "default_timeout: 8h\nrules:\n  - {tool: a, timeout: 90s}\n  - {tool: b, timeout: \"5m\"}\n  - {tool: c}\n"
        "  - {tool: d, timeout: 7d}\n");
    CHECK(policy.evaluate("a").rule->timeout == std::chrono::seconds(90));
    CHECK(policy.evaluate("b").rule->timeout == std::chrono::minutes(5));
    CHECK(policy.evaluate("c").rule->timeout == std::chrono::hours(8));
    CHECK(policy.evaluate("d").rule->timeout == std::chrono::hours(168));
    for (const char* wrong : {"8d", "0s", "05m", "1.5h", "5 m", "5M", "m", "-5m", "1w", "999999999d"}) {
        CAPTURE(wrong);
        CHECK(problems_in("  - {tool: a, timeout: \"" + std::string(wrong) + "\"}\n").size() == 1);
    }
}
