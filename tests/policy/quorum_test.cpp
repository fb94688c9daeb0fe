// Who decides on what a rule holds: how it is read, what is wrong with it, and where it is shown.
#include "approvekit/policy.hpp"

#include "approvekit/policy_diff.hpp"
#include "approvekit/policy_explanation.hpp"
#include "approvekit/reviewer_key.hpp"
#include "support/catch.hpp"
#include "support/policy_problem_texts.hpp"

#include <chrono>
#include <string>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* head = "groups: {finance: [ada, bob], managers: [cy, Ada]}\n";

std::string rule_with(const std::string& rest) {
    return "rules: [{tool: pay, require_approval: true, timeout: 1h, " + rest + "}]\n";
}

Policy paying(const std::string& rest) {
    return Policy::from_yaml_text(head + rule_with(rest));
}

Json quorum_of(const Policy& policy) {
    return Json::parse(*policy.evaluate("pay").metadata).value("quorum", Json());
}

Texts faults_of(const std::string& rest, const std::string& before = head) {
    return yaml_problems(before + rule_with(rest));
}

}  // namespace

TEST_CASE("G15 a rule says how many decide and who, and requests carry the people behind groups, each once") {
    const Policy policy = paying(
        "reviewers: [finance, ada, cy], approvals: 2, not_requester: true, escalate: {after: 10m, to: [managers]}");
    const PolicyRule& rule = policy.rules().front();
    CHECK(rule.reviewers == Texts{"finance", "ada", "cy"});
    CHECK(rule.approvals == 2);
    CHECK(rule.not_requester);
    CHECK(rule.escalate->after == 600s);
    CHECK(quorum_of(policy) == Json{{"approvals", 2},
                                    {"reviewers", {"ada", "bob", "cy"}},
                                    {"not_requester", true},
                                    {"escalate", {{"after", 600}, {"to", {"cy", "Ada"}}}}});
    CHECK(Policy::from_json(policy.as_json()).digest() == policy.digest());
    CHECK(policy.groups().at("finance") == Texts{"ada", "bob"});
    CHECK(paying("approvals: 2").digest() != paying("approvals: 3").digest());
}

TEST_CASE("a rule without them carries nothing of a quorum") {
    CHECK(quorum_of(paying("risk_level: high")) == nullptr);
    CHECK(quorum_of(paying("approvals: 1")) == nullptr);
    CHECK(quorum_of(paying("approvals: 2")) == Json{{"approvals", 2}});
}

TEST_CASE("G12 a quorum that is not understood is refused with its place") {
    for (const char* const value : {"0", "-1", "101", "1.5", "\"2\"", "two", "null", "[2]"}) {
        CAPTURE(value);
        CHECK_THROWS_WITH(paying(std::string("approvals: ") + value),
                          ContainsSubstring("rules[0].approvals: expected"));
    }
    CHECK_THROWS_WITH(paying("reviewers: []"), ContainsSubstring("rules[0].reviewers: names nobody"));
    CHECK_THROWS_WITH(paying("reviewers: ada"), ContainsSubstring("rules[0].reviewers: expected a list of names"));
    CHECK_THROWS_WITH(paying("not_requester: yes"), ContainsSubstring("rules[0].not_requester: "));
    CHECK_THROWS_WITH(paying("reviewers: [finance], escalate: {after: 10m}"),
                      ContainsSubstring("rules[0].escalate: has no to"));
    CHECK_THROWS_WITH(paying("reviewers: [finance], escalate: {afer: 10m, to: [cy]}"),
                      ContainsSubstring("did you mean \"after\"?"));
    CHECK_THROWS_WITH(paying("reviewers: [finance], escalate: {after: 1h, to: [cy]}"),
                      ContainsSubstring("rules[0].escalate: never happens"));
    CHECK_THROWS_WITH(paying("escalate: {after: 10m, to: [cy]}"),
                      ContainsSubstring("rules[0].escalate: widens nothing"));
    CHECK_THROWS_WITH(paying("metadata: {quorum: 1}"), ContainsSubstring("is set by the rule itself"));
    CHECK_THROWS_WITH(Policy::from_yaml_text("rules: [{tool: pay, auto_approve: true, approvals: 2}]"),
                      ContainsSubstring("go beside require_approval: true"));
}

TEST_CASE("G15 people whom a policy does not know, and more approvals than people, are refused with their places") {
    CHECK(
        faults_of("reviewers: [fnance]") ==
        Texts{"p.yaml:2:70: rules[0].reviewers[0]: \"fnance\" is not a group, and nobody in a group has that name; the "
              "nearest known name is \"finance\""});
    CHECK_THAT(faults_of("reviewers: [ada], escalate: {after: 1m, to: [cy, dan]}").at(0),
               ContainsSubstring("rules[0].escalate.to[1]: \"dan\" is not a group"));
    CHECK_THAT(faults_of("reviewers: [finance, managers], approvals: 4").at(0),
               ContainsSubstring("rules[0].approvals: takes 4 approvals, and only 3 people may give one"));
    CHECK(faults_of("reviewers: [finance, managers], approvals: 3").empty());
    CHECK_THAT(faults_of("approvals: 2", "groups: {finance: [ada], all: [finance]}\n").at(0),
               ContainsSubstring("groups.all[0]: \"finance\" is a group; list the people of it"));
    // Without groups and keys, any name may be somebody's.
    CHECK(faults_of("reviewers: [dan, eve], approvals: 2", "").empty());
}

TEST_CASE("G14 G15 where decisions are signed, everybody who decides has a key") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const ReviewerKey bob = ReviewerKey::generate("bob");
    const std::string keys = "reviewers: [{name: ada, key: \"ed25519:" + ada.public_key() +
                             "\"}, {name: bob, key: \"ed25519:" + bob.public_key() + "\"}]\n";
    CHECK(faults_of("reviewers: [finance], approvals: 2", "groups: {finance: [ada, bob]}\n" + keys).empty());
    CHECK_THAT(faults_of("reviewers: [ada, cy]", keys).at(0),
               ContainsSubstring("rules[0].reviewers[1]: \"cy\" has no key under reviewers"));
    CHECK_THAT(faults_of("reviewers: [finance]", "groups: {finance: [ada, Bob]}\n" + keys).at(0),
               ContainsSubstring("groups.finance[1]: \"Bob\" has no key under reviewers"));
    CHECK_THAT(faults_of("reviewers: [ada]", "groups: {bob: [ada]}\n" + keys).at(0),
               ContainsSubstring("groups.bob: has the name of a reviewer"));
    CHECK_THAT(faults_of("approvals: 3", keys).at(0), ContainsSubstring("takes 3 approvals, and only 2 people"));
}

TEST_CASE("G15 two names of one person are refused where several approve, since they are one vote") {
    const std::string keys = "reviewers: [{name: ada, key: \"ed25519:" + ReviewerKey::generate("a").public_key() +
                             "\"}, {name: Ada, key: \"ed25519:" + ReviewerKey::generate("b").public_key() + "\"}]\n";
    CHECK_THAT(faults_of("reviewers: [Ada]", keys).at(0),
               ContainsSubstring("1:") &&
                   ContainsSubstring("reviewers[1]: \"Ada\" and \"ada\" are one person where several approve"));
    CHECK(faults_of("risk_level: high", keys).empty());
}

TEST_CASE("a policy that is built in code is held to the same") {
    PolicyRule rule{.tool = "pay", .require_approval = true, .reviewers = {"finance", "cy"}, .approvals = 3};
    CHECK_THROWS_WITH(Policy().add_rule(rule), ContainsSubstring("only 2 people may give one"));
    Policy policy;
    policy.set_groups({{"finance", {"ada", "bob"}}, {"others", {"cy"}}}).add_rule(rule);
    CHECK(quorum_of(policy).at("reviewers") == Json{"ada", "bob", "cy"});
    CHECK_THROWS_WITH(policy.set_groups({{"finance", {"ada"}}, {"others", {"cy"}}}), ContainsSubstring("2 people"));
    CHECK_THROWS_WITH(policy.set_groups({{"", {"ada"}}}), ContainsSubstring("is empty"));
    CHECK(policy.groups().at("finance").size() == 2);
    CHECK_THROWS_WITH(policy.set_reviewers({{"ada", ReviewerKey::generate("ada").public_key()}}),
                      ContainsSubstring("has no key"));
}

TEST_CASE("explain and diff tell who decides") {
    const Policy before = paying("reviewers: [finance], approvals: 2");
    const Policy after = paying(
        "reviewers: [finance, cy], approvals: 2, not_requester: true, "
        "escalate: {after: 10m, to: [managers]}");
    const CallFacts facts{
        .arguments = Json::object(), .context = Json::object(), .agent = {}, .environment = {}, .time = {}};
    CHECK_THAT(before.explain("pay", facts).text(),
               ContainsSubstring("held for approval by 2 of finance for 3600 s, risk low"));
    CHECK_THAT(after.explain("pay", facts).text(),
               ContainsSubstring("by 2 of finance, cy, but not by the requester, (after 600 s also of managers) for"));
    const std::string changes = to_text(diff_policies(before, after));
    CHECK_THAT(changes, ContainsSubstring("pay: reviewers: [\"finance\"] -> [\"finance\",\"cy\"]") &&
                            ContainsSubstring("pay: not_requester: null -> true"));
}
