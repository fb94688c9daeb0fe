// An agent's calls under a limit: a call beyond it is held for a person or refused, and says why.
#include "approvekit/reviewer.hpp"
#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Limited : ScratchDatabase {
    explicit Limited(const std::string& rule) : kit(policy_with(rule), storage) {}

    [[nodiscard]] static Policy policy_with(const std::string& rule) {
        return Policy::from_yaml_text("rules: [{tool: pay, timeout: 30s, " + rule + "}]\n");
    }
    [[nodiscard]] ApprovalRequest only_waiting() const { return storage->list({}).requests.at(0); }
    [[nodiscard]] std::size_t waiting() const { return storage->list({}).requests.size(); }
    [[nodiscard]] bool is_intact() const {
        storage->flush();
        return storage->verify_audit().intact();
    }

    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, shared_with_others());
    ApproveKit kit;
};

int paid(int amount) {
    return amount;
}

/// No compiler sees that its copies share the amount.
struct Shared {
    std::shared_ptr<int> amount = std::make_shared<int>(1);
};

void to_json(Json& json, const Shared& shared) {
    json = *shared.amount;
}

}  // namespace

TEST_CASE("a call beyond a limit that holds waits for a person, who reads why, and runs when approved") {
    Limited agent("limit: {calls: 1, per: 1h}");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    CHECK(pay(1) == 1);
    auto ticket = pay.submit(2);
    const ApprovalRequest held = agent.only_waiting();
    CHECK(held.metadata.at("limit").at("reached") == "1 call in 1 h is used up");
    agent.kit.approve(held.id, {.reviewer = "ann"});
    CHECK(ticket.get() == 2);
    static_cast<void>(pay.submit(3));
    CHECK(agent.waiting() == 0);  // given up together with its ticket
    CHECK(agent.is_intact());
}

TEST_CASE("a call beyond a limit that denies is refused with its words") {
    Limited agent("limit: {sum: args.amount, max: 10, per: 1h, beyond: deny}");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    CHECK(pay(8) == 8);
    const auto outcome = pay.attempt(3);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.refusal().code == ErrorCode::limit_reached);
    CHECK(outcome.refusal().text_for_model() ==
          "The call was not executed: pay is beyond a limit of the policy: with 3 more, args.amount comes to more than "
          "10 in 1 h. Do not repeat it now; choose another way or ask the user.");
    CHECK(pay(2) == 2);
    CHECK(pay.attempt(-1).refusal().code == ErrorCode::limit_reached);
    CHECK(pay.attempt(1).refusal().code == ErrorCode::limit_reached);
    CHECK(agent.is_intact());
}

TEST_CASE("an approved call beyond a limit that denies does not run") {
    Limited agent("require_approval: true, limit: {calls: 1, per: 1h, beyond: deny}");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    auto first = pay.submit(1);
    auto second = pay.submit(2);
    for (const ApprovalRequest& request : agent.storage->list({}).requests)
        agent.kit.approve(request.id, {.reviewer = "ann"});
    CHECK(first.get() == 1);
    CHECK_THROWS_AS(second.get(), LimitReachedError);
    CHECK(agent.is_intact());
}

TEST_CASE("G2 a call that was altered or given up before it started takes of no limit") {
    Limited agent("limit: {calls: 1, per: 1h}");
    SECTION("altered") {
        const Shared shared;
        auto ticket = agent.kit.guard("pay", {"amount"}, [](const Shared&) {}).submit(shared);
        *shared.amount = 2;
        CHECK_THROWS_AS(ticket.get(), RequestAlteredError);
    }
    SECTION("given up") {
        auto ticket = agent.kit.guard("pay", {"amount"}, paid).submit(1);
        ticket.cancel();
    }
    CHECK(agent.kit.guard("pay", {"amount"}, paid)(5) == 5);
    CHECK(agent.is_intact());
}

TEST_CASE("a call that is beyond its limit at any time is refused before anybody is asked") {
    Limited agent("require_approval: true, limit: {sum: args.amount, max: 10, per: 1h, beyond: deny}");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    for (const int amount : {11, -1}) {
        CHECK(pay.attempt(amount).refusal().code == ErrorCode::limit_reached);
        agent.storage->flush();
        const AuditEntry last = agent.storage->audit({}).entries.at(0);
        CHECK(last.decision == AuditEvent::denied);
        CHECK_THAT(last.reviewer_notes.value_or(""), ContainsSubstring("beyond its limit at any time: "));
    }
    CHECK(agent.storage->list({.status = std::nullopt, .limit = 50, .cursor = ""}).requests.empty());
    auto ticket = pay.submit(10);
    const ApprovalRequest held = agent.only_waiting();
    CHECK(held.metadata.at("limit").at("share") == "10 of 10 in 1 h (args.amount)");
    agent.kit.approve(held.id, {.reviewer = "ann"});
    CHECK(ticket.get() == 10);
    CHECK(agent.is_intact());
}

TEST_CASE("G15 a rule that lets calls run says who decides on what is beyond its limit") {
    Limited agent("limit: {calls: 1, per: 1h}, reviewers: [ann, bob], approvals: 2");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    CHECK(pay(1) == 1);
    auto ticket = pay.submit(2);
    const ApprovalRequest held = agent.only_waiting();
    REQUIRE(held.quorum());
    CHECK(held.quorum()->approvals == 2);
    CHECK(Reviewer(agent.storage, "ann", "terminal").approve(held.id, {.notes = ""}).status == ApprovalStatus::pending);
    CHECK(Reviewer(agent.storage, "bob", "terminal").approve(held.id, {.notes = ""}).status ==
          ApprovalStatus::approved);
    CHECK(ticket.get() == 2);
    CHECK(agent.is_intact());
}

TEST_CASE("a limit goes on counting after the policy was replaced by one that has it too") {
    Limited agent("limit: {calls: 2, per: 1h}");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    CHECK(pay(1) == 1);
    agent.kit.reload(
        Policy::from_yaml_text("rules: [{tool: other}, {tool: pay, risk_level: high, limit: {calls: 2, "
                               "per: 1h, beyond: deny}}]\n"));
    CHECK(pay(2) == 2);
    CHECK(pay.attempt(3).refusal().code == ErrorCode::limit_reached);
}

TEST_CASE("a held call keeps the limit of the policy that it was asked under") {
    Limited agent("require_approval: true, limit: {calls: 1, per: 1h, beyond: deny}");
    const auto pay = agent.kit.guard("pay", {"amount"}, paid);
    auto first = pay.submit(1);
    auto second = pay.submit(2);
    agent.kit.reload(Limited::policy_with("require_approval: true"));
    for (const ApprovalRequest& request : agent.storage->list({}).requests)
        agent.kit.approve(request.id, {.reviewer = "ann"});
    CHECK(first.get() == 1);
    CHECK_THROWS_AS(second.get(), LimitReachedError);
}

TEST_CASE("G7 what an argument hides does not come to record by the value that a limit counts by, nor chooses it") {
    Limited agent("redact_fields: [password], limit: {calls: 1, per: 1h, by: args.note}");
    const auto login = agent.kit.guard("pay", {"password", "note"}, [](const std::string&, const std::string&) {});
    login("hunter2-secret", "with nothing");
    auto ticket = login.submit("hunter2-secret", "with hunter2-secret");
    const Json metadata = agent.only_waiting().metadata;
    CHECK(metadata.at("limit").at("reached") ==
          "args.note holds what redact_fields hides, so that no limit can count by it");
    CHECK(metadata.dump().find("hunter2") == std::string::npos);
    ticket.cancel();
    CHECK(agent.is_intact());
}

TEST_CASE("G7 who hides the name that a limit counts by, or a part of it, does not get another limit by that") {
    const std::string beyond = GENERATE("hold", "deny");
    const std::string hidden = GENERATE("ann.smith", "ann.sm", "smith");
    CAPTURE(beyond, hidden);
    Limited agent("redact_fields: [password], limit: {calls: 5, per: 1h, by: context.requested_by, beyond: " + beyond +
                  "}");
    const auto login =
        agent.kit.with(Call{.requested_by = "ann.smith"}).guard("pay", {"password"}, [](const std::string&) {});
    login("hunter2-secret");
    if (beyond == "deny") {
        const auto outcome = login.attempt(hidden);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.refusal().code == ErrorCode::limit_reached);
        CHECK_THAT(outcome.refusal().text_for_model(),
                   ContainsSubstring("context.requested_by holds what redact_fields hides"));
    } else {
        auto ticket = login.submit(hidden);
        CHECK_THAT(agent.only_waiting().metadata.at("limit").at("reached").get<std::string>(),
                   ContainsSubstring("context.requested_by holds what redact_fields hides"));
        ticket.cancel();
    }
    CHECK(agent.is_intact());
}
