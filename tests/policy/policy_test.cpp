#include "approvekit/policy.hpp"

#include "support/catch.hpp"

#include "approvekit/error.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

PolicyRule held(std::string tool) {
    PolicyRule rule;
    rule.tool = std::move(tool);
    rule.require_approval = true;
    return rule;
}

/// The first problem for which `act` is refused: "rule.timeout: ...".
template <typename Act>
std::string refusal_of(Act act) {
    try {
        act();
    } catch (const PolicyError& error) {
        return error.problems().front().text();
    }
    return "nothing was thrown";
}

std::string refusal_of(const PolicyRule& rule) {
    return refusal_of([&rule] { Policy().add_rule(rule); });
}

// The public keys of the first and the second test of RFC 8032.
const std::string first_key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const std::string second_key = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

}  // namespace

TEST_CASE("G12 a tool that no rule matches is held for approval unless the policy says otherwise") {
    Policy policy;
    CHECK(policy.evaluate("anything").action == Action::hold);
    CHECK(policy.evaluate("").action == Action::hold);

    CHECK(policy.set_unmatched(Unmatched::deny).evaluate("anything").action == Action::deny);
    CHECK(policy.set_unmatched(Unmatched::allow).evaluate("anything").action == Action::allow);
}

TEST_CASE("a tool without a rule gets the default timeout and medium risk") {
    Policy policy;
    policy.set_default_timeout(60s);
    const Ruling ruling = policy.evaluate("anything");
    CHECK(ruling.rule->timeout == 60s);
    CHECK(ruling.rule->risk_level == "medium");
    CHECK(Json::parse(*ruling.metadata) == Json{{"risk_level", "medium"},
                                                {"timeout", 60},
                                                {"require_approval", true},
                                                {"auto_approve", false},
                                                {"redact_fields", Json::array()}});
}

TEST_CASE("a rule holds its tool only when it requires approval") {
    Policy policy;
    policy.add_rule(held("send_email"));
    policy.add_rule({.tool = "read_record", .auto_approve = true});
    policy.add_rule({.tool = "list_records"});

    CHECK(policy.evaluate("send_email").action == Action::hold);
    CHECK(policy.evaluate("read_record").action == Action::allow);
    CHECK(policy.evaluate("list_records").action == Action::allow);
}

TEST_CASE("the exact rule wins over the one for all tools, whatever their order") {
    const PolicyRule free{.tool = "read_record", .auto_approve = true};
    Policy exact_first;
    exact_first.add_rule(free).add_rule(held("*"));
    Policy exact_last;
    exact_last.add_rule(held("*")).add_rule(free);

    for (const Policy& policy : {exact_first, exact_last}) {
        CHECK(policy.evaluate("read_record").action == Action::allow);
        CHECK(policy.evaluate("delete_record").action == Action::hold);
        CHECK(policy.evaluate("delete_record").rule->tool == "*");
    }
}

TEST_CASE("the rule for all tools wins over what is said of unmatched ones") {
    Policy policy;
    policy.set_unmatched(Unmatched::allow).add_rule(held("*"));
    CHECK(policy.evaluate("anything").action == Action::hold);
}

TEST_CASE("tool names compare exactly") {
    Policy policy;
    policy.set_unmatched(Unmatched::deny).add_rule(held("send_email"));
    for (const char* other : {"Send_Email", "send_email ", "send_emai", "send_emails", ""}) {
        CHECK(policy.evaluate(other).action == Action::deny);
    }
}

TEST_CASE("a request carries what the rule says and the rule's own keys") {
    PolicyRule rule = held("send_email");
    rule.timeout = 45s;
    rule.risk_level = "high";
    rule.redact_fields = {"body"};
    rule.metadata = {{"owner", "ops"}};
    Policy policy;
    policy.add_rule(rule);

    CHECK(Json::parse(*policy.evaluate("send_email").metadata) == Json{{"risk_level", "high"},
                                                                       {"timeout", 45},
                                                                       {"require_approval", true},
                                                                       {"auto_approve", false},
                                                                       {"redact_fields", {"body"}},
                                                                       {"owner", "ops"}});
}

TEST_CASE("a ruling stays valid in copies that outlive the policy it was asked of") {
    Policy copy;
    {
        Policy policy;
        policy.add_rule(held("send_email"));
        copy = policy;
    }
    CHECK(copy.evaluate("send_email").rule->tool == "send_email");
}

TEST_CASE("a change of one copy leaves the others alone") {
    Policy policy;
    policy.add_rule(held("send_email"));
    Policy copy = policy;
    copy.set_unmatched(Unmatched::allow).add_rule(held("delete_record"));

    CHECK(policy.rules().size() == 1);
    CHECK(policy.unmatched() == Unmatched::hold);
    CHECK(copy.rules().size() == 2);
}

TEST_CASE("H45 a rule that was built in code must have a name as in a file") {
    CHECK(refusal_of(held("")) == "rule.tool: is empty");
    CHECK(refusal_of(held(" x")) == "rule.tool: \" x\" has spaces around it");
    CHECK(refusal_of(held("x\n")) == "rule.tool: holds white space other than the plain space");
    CHECK(refusal_of(held("x\u202ey")) == "rule.tool: holds the hidden character \\u202e");
    CHECK(refusal_of(held("\xff")) == "rule.tool: holds the byte \\xff, which is not UTF-8");
    CHECK_THAT(refusal_of(held("send_**")), ContainsSubstring("two stars side by side"));
    CHECK_THAT(refusal_of(held(std::string(257, 'x'))), ContainsSubstring("longer than 256 bytes"));
}

TEST_CASE("H40 a rule that was built in code cannot contradict itself") {
    PolicyRule rule = held("send_email");
    rule.auto_approve = true;
    CHECK_THAT(refusal_of(rule), ContainsSubstring("contradict"));
}

TEST_CASE("H42 a timeout that was set in code is 1 to 604800 seconds") {
    for (const auto timeout : {0s, -5s, 604'801s, std::chrono::seconds::max(), std::chrono::seconds::min()}) {
        PolicyRule rule = held("send_email");
        rule.timeout = timeout;
        CHECK_THAT(refusal_of(rule), ContainsSubstring("expected whole seconds from 1 to 604800"));
        CHECK_THAT(refusal_of([=] { Policy().set_default_timeout(timeout); }), ContainsSubstring("default_timeout"));
    }
    PolicyRule rule = held("send_email");
    rule.timeout = 604'800s;
    CHECK(Policy().add_rule(rule).evaluate("send_email").rule->timeout == 604'800s);
}

TEST_CASE("H43 a redacted field that was set in code must have a name") {
    PolicyRule rule = held("send_email");
    rule.redact_fields = {"body", ""};
    CHECK(refusal_of(rule) == "rule.redact_fields[1]: is empty");
    for (const char* dotted : {".ssn", "profile.", "profile..ssn", "."}) {
        rule.redact_fields = {dotted};
        CHECK_THAT(refusal_of(rule), ContainsSubstring("has a dot without a name beside it"));
    }
}

TEST_CASE("H41 a second rule for a tool is refused and leaves the policy as it was") {
    Policy policy;
    policy.add_rule(held("send_email")).add_rule(held("*"));
    const std::string digest = policy.digest();

    for (const char* tool : {"send_email", "*"}) {
        CHECK_THAT(refusal_of([&] { policy.add_rule({.tool = tool}); }), ContainsSubstring("has a rule already"));
    }
    CHECK(policy.digest() == digest);
}

TEST_CASE("metadata that was built in code must be an object that JSON can hold") {
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    const std::vector<Json> refused = {Json::array(),
                                       "text",
                                       nullptr,
                                       Json{{"a", not_a_number}},
                                       Json{{"a", {{"b", "\xff"}}}},
                                       Json{{"a", Json::binary({1, 2})}},
                                       Json{{"a", std::string(20'000, 'x')}}};
    for (const Json& metadata : refused) {
        PolicyRule rule = held("send_email");
        rule.metadata = metadata;
        CHECK_THAT(refusal_of(rule), ContainsSubstring("rule.metadata"));
    }
}

TEST_CASE("metadata cannot take the place of what the rule says itself") {
    for (const char* key : {"risk_level", "timeout", "require_approval", "auto_approve", "redact_fields"}) {
        PolicyRule rule = held("send_email");
        rule.metadata[key] = 1;
        CHECK_THAT(refusal_of(rule), ContainsSubstring("is set by the rule itself"));
    }
}

TEST_CASE("a problem that has no text to point into has no line") {
    try {
        Policy().add_rule(held(""));
        FAIL("an empty name was taken");
    } catch (const PolicyError& error) {
        CHECK(error.code() == ErrorCode::invalid_policy);
        CHECK(error.problems().front().line == 0);
        CHECK(error.problems().front().file.empty());
    }
}

TEST_CASE("only public keys are taken for reviewers") {
    Policy policy;
    policy.set_reviewers({{"ada", first_key}, {"grace", second_key}});
    CHECK(policy.reviewers().at(1).name == "grace");

    const std::string zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";  // anybody can sign for it
    const std::vector<std::vector<TrustedReviewer>> refused = {
        {{"ada", ""}},
        {{"ada", "AAAA"}},
        {{"ada", zeros}},
        {{"ada", first_key + "AA"}},
        {{"ada", first_key.substr(1)}},
        {{"ada", " " + first_key}},
        {{"", first_key}},
        {{"ada", first_key}, {"ada", second_key}},
        {{"ada", first_key}, {"grace", first_key}},
    };
    for (const auto& reviewers : refused) {
        CHECK_THAT(refusal_of([&] { policy.set_reviewers(reviewers); }), ContainsSubstring("reviewers["));
    }
    CHECK(policy.reviewers().size() == 2);
    CHECK(policy.set_reviewers({}).reviewers().empty());
}

TEST_CASE("a policy survives the way to JSON and back") {
    PolicyRule rule = held("send_email");
    rule.timeout = 45s;
    rule.risk_level = "high";
    rule.redact_fields = {"body", "profile.ssn"};
    rule.metadata = {{"owner", "ops"}, {"weight", 0.5}, {"ids", {9'007'199'254'740'993, -1}}};
    Policy policy;
    policy.set_default_timeout(60s).set_unmatched(Unmatched::deny).set_reviewers({{"ada", first_key}});
    policy.add_rule(rule).add_rule({.tool = "*", .auto_approve = true});

    const Policy again = Policy::from_json(policy.as_json());
    CHECK(again.as_json() == policy.as_json());
    CHECK(again.digest() == policy.digest());
    CHECK(Policy::from_json_text(policy.as_json().dump()).digest() == policy.digest());
    CHECK(Policy::from_yaml_text(policy.as_json().dump(2)).digest() == policy.digest());
}

TEST_CASE("null in metadata survives the way to JSON and back") {
    PolicyRule rule = held("send_email");
    rule.metadata = {{"owner", nullptr}};
    Policy policy;
    policy.add_rule(rule);
    CHECK(Policy::from_json_text(policy.as_json().dump()).rules().front().metadata == Json{{"owner", nullptr}});
}

TEST_CASE("a policy without rules survives the way to JSON and back") {
    CHECK(Policy::from_json(Policy().as_json()).as_json() == Policy().as_json());
}

TEST_CASE("the digest changes with every word of the policy") {
    Policy policy;
    std::vector<std::string> digests = {policy.digest()};
    digests.push_back(policy.set_default_timeout(299s).digest());
    digests.push_back(policy.set_unmatched(Unmatched::deny).digest());
    digests.push_back(policy.add_rule(held("a")).digest());
    digests.push_back(policy.add_rule(held("b")).digest());
    digests.push_back(policy.set_reviewers({{"ada", first_key}}).digest());
    for (std::size_t i = 0; i < digests.size(); ++i) {
        CHECK(digests[i].size() == 64);
        for (std::size_t j = 0; j < i; ++j)
            CHECK(digests[i] != digests[j]);
    }
}

TEST_CASE("the names of actions and of unmatched stay") {
    CHECK(to_string(Action::allow) == "allow");
    CHECK(to_string(Action::hold) == "hold");
    CHECK(to_string(Action::deny) == "deny");
    CHECK(to_string(Unmatched::allow) == "allow");
    CHECK(to_string(Unmatched::hold) == "hold");
    CHECK(to_string(Unmatched::deny) == "deny");
}
