// Calls that a policy judges by their arguments, from the kit to the record.
#include "approvekit/approvekit.hpp"

#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* payments = R"(
rules:
  - {tool: pay, deny: "we never pay in advance", when: {args.memo: {contains: advance, exists: true}}}
  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}, environment: {equals: test}}}
  - {tool: pay, require_approval: true, observe: true, when: {args.amount: {between: [11, 20]}}}
  - {tool: pay, require_approval: true, redact_fields: [iban], when: {agent: {equals: nobody}}}
)";

/// An agent in the environment "test" whose tool counts its calls.
struct PayingAgent {
    TemporaryDirectory directory;
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(directory / "agent.db");
    ApproveKit kit{Policy::from_yaml_text(payments), storage, options()};
    int calls = 0;

    Outcome<void> pay(const std::string& arguments) {
        return kit.try_call("pay", arguments, [this](const Json&) { ++calls; });
    }
    /// The entry of the only call: what allowed or refused it.
    [[nodiscard]] AuditEntry first_entry() const {
        storage->flush();
        return storage->audit({}).entries.back();
    }
    [[nodiscard]] PendingCall submit(const Json& arguments) const { return kit.submit("pay", arguments); }

    static ApproveKit::Options options() {
        ApproveKit::Options options;
        options.agent = "payer";
        options.environment = "test";
        return options;
    }
};

}  // namespace

TEST_CASE("a call whose arguments a rule allows runs at once, and the record tells which rule") {
    PayingAgent agent;
    CHECK(agent.pay(R"({"amount": 5, "iban": "DE0212"})").ran());
    CHECK(agent.calls == 1);
    const AuditEntry entry = agent.first_entry();
    CHECK(entry.metadata["matched_rule"] == "rules[1], pay");
    CHECK(entry.tool_args["iban"] == "[REDACTED]");
}

TEST_CASE("G12 a call that no rule of its tool matches is held, and its reviewer reads why") {
    PayingAgent agent;
    const PendingCall held = agent.submit({{"amount", 500}, {"iban", "DE0212"}});
    const auto request = agent.storage->find(held.request_id());
    CHECK(request->metadata["matched_rule"] == "none: no rule for pay matches this call");
    CHECK(request->tool_args["iban"] == "[REDACTED]");
    CHECK(request->tool_args["amount"] == 500);
}

TEST_CASE("what a rule denies is refused with its words for the model, and recorded") {
    PayingAgent agent;
    const auto outcome = agent.pay(R"({"amount": 5, "memo": "in advance", "iban": "DE0212"})");
    REQUIRE_FALSE(outcome.ran());
    CHECK(outcome.refusal().message == "pay is denied by the policy: we never pay in advance");
    CHECK(agent.calls == 0);
    CHECK(agent.first_entry().decision == AuditEvent::denied);
    CHECK(agent.first_entry().reviewer_notes == "denied by policy: we never pay in advance");
    CHECK(agent.first_entry().tool_args["iban"] == "[REDACTED]");
}

TEST_CASE("what a rule only observes runs at once, and the record says what would have happened") {
    PayingAgent agent;
    CHECK(agent.pay(R"({"amount": 15})").ran());
    CHECK(agent.calls == 1);
    CHECK(agent.first_entry().metadata["would_have"] == "hold");
}
