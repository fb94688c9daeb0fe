// Calls of an agent under a limit: what is beyond it is held for a person or refused, and says why.
#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <memory>
#include <string>
#include <utility>

using namespace approvekit;

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
    CHECK(agent.waiting() == 0);  // given up with its ticket
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

TEST_CASE("G2 a call that was altered before it started takes of no limit") {
    Limited agent("limit: {calls: 1, per: 1h}");
    auto ticket = agent.kit.guard("pay", {"amount"}, paid).submit(1);
    ticket.cancel();
    CHECK(agent.kit.guard("pay", {"amount"}, paid)(5) == 5);
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

TEST_CASE("G7 what an argument hides does not come to record by the value that a limit counts by") {
    Limited agent("redact_fields: [password], limit: {calls: 1, per: 1h, by: args.note}");
    const auto login = agent.kit.guard("pay", {"password", "note"}, [](const std::string&, const std::string&) {});
    login("hunter2-secret", "with hunter2-secret");
    agent.storage->flush();
    CHECK(agent.storage->audit({}).entries.back().metadata.dump().find("hunter2") == std::string::npos);
    CHECK(agent.is_intact());
}
