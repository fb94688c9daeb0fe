// The guarantees as an agent and its reviewers see them, whichever engine keeps the record.
#include "approvekit/approvekit.hpp"
#include "approvekit/error.hpp"
#include "approvekit/reviewer_key.hpp"
#include "record/audit_chain.hpp"
#include "record/contract/agent.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;

namespace {

/// An agent that may call its tool "free" at once, asks before "held", and hides the password of both.
struct Guarding {
    explicit Guarding(std::unique_ptr<Engine> kind, Policy more = Policy())
        : engine(std::move(kind)),
          kit(more.add_rule(rule("free", false)).add_rule(rule("held", true)), storage, options()) {}

    static PolicyRule rule(const std::string& tool, bool require_approval) {
        PolicyRule rule;
        rule.tool = tool;
        rule.require_approval = require_approval;
        rule.redact_fields = {"password"};
        return rule;
    }
    [[nodiscard]] ApproveKit::Options options() const {
        ApproveKit::Options options;
        options.clock = engine->clock;
        return options;
    }

    /// Everything that anybody can read from the record.
    [[nodiscard]] std::string everything() const {
        storage->flush();
        std::string text;
        for (const ApprovalRequest& request :
             storage->list({.status = std::nullopt, .limit = 200, .cursor = ""}).requests) {
            text += to_json_view(request).dump();
        }
        for (const AuditEntry& entry : entries())
            text += to_json_view(entry).dump();
        return text;
    }
    [[nodiscard]] std::vector<AuditEntry> entries() const {
        storage->flush();
        return storage->audit({.request_id = "", .limit = 200, .cursor = "", .oldest_first = true}).entries;
    }

    std::unique_ptr<Engine> engine;
    std::shared_ptr<Storage> storage = engine->open();
    ApproveKit kit;
};

const Json arguments{{"to", "ana"}, {"password", "hunter22"}};

}  // namespace

CONTRACT_TEST("G2 arguments that are others than those which were reviewed do not run") {
    const Guarding agent(std::make_unique<TestType>());
    PendingCall call = agent.kit.submit("held", arguments);
    agent.kit.approve(call.request_id());
    Permit permit = call.wait();
    CHECK_THROWS_AS(permit.start({{"to", "eve"}, {"password", "hunter22"}}), RequestAlteredError);
    CHECK(agent.entries().back().decision == AuditEvent::refused);
    CHECK(agent.storage->verify_audit().intact());
}

CONTRACT_TEST("G4 what cannot be recorded does not run, allowed or approved") {
    const Guarding agent(std::make_unique<TestType>());
    PendingCall call = agent.kit.submit("held", arguments);
    agent.kit.approve(call.request_id());
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(agent.kit.admit("free", arguments), StorageError); });
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(call.wait(), StorageError); });
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(agent.kit.submit("held", arguments), StorageError); });
    agent.storage->flush();
    const auto other = agent.engine->open();
    CHECK(other->list({}).requests.empty());
    CHECK(other->find(call.request_id())->run == RunState::none);
    CHECK(other->verify_audit().intact());
}

CONTRACT_TEST("G4 an intent is durable before its tool starts") {
    const Guarding agent(std::make_unique<TestType>());
    const auto other = agent.engine->open();
    std::vector<AuditEntry> seen;
    agent.kit.call("free", arguments.dump(), [&](const Json&) { seen = other->audit({}).entries; });
    REQUIRE(seen.size() == 1);
    CHECK(seen.front().decision == AuditEvent::approved);
    CHECK(agent.entries().back().follows == seen.front().id);
}

CONTRACT_TEST("G7 a hidden value is nowhere in the record, whatever is done with its call") {
    const Guarding agent(std::make_unique<TestType>());
    PendingCall call = agent.kit.submit("held", arguments);
    agent.kit.approve(call.request_id(), {.notes = "hunter22 is fine"});
    call.wait().failed("wrong password: hunter22");
    agent.kit.admit("free", arguments).unknown("hunter22?");
    PendingCall altered = agent.kit.submit("held", arguments);
    agent.kit.approve(altered.request_id());
    Permit permit = altered.wait();
    CHECK_THROWS_AS(permit.start({{"password", "hunter23"}}), RequestAlteredError);
    PendingCall given_up = agent.kit.submit("held", arguments);
    given_up.cancel();
    CHECK(agent.entries().size() == 7);
    CHECK_THAT(agent.everything(), !Catch::Matchers::ContainsSubstring("hunter2"));
}

CONTRACT_TEST("G8 entries are only added, and each is linked to the one before it") {
    const Guarding agent(std::make_unique<TestType>());
    record::ChainEnds ends;
    std::int64_t known = 0;
    std::string second;
    const auto check_new_entries = [&] {
        const std::vector<AuditEntry> all = agent.entries();
        REQUIRE(std::ssize(all) > known);
        while (known < std::ssize(all)) {
            const AuditEntry& entry = all[static_cast<std::size_t>(known)];
            const std::string hash = record::link_hash(ends.before(entry.lane), known + 1, record::record_of(entry));
            ++known;
            CHECK(entry.sequence == known);
            CHECK(entry.hash == record::hex_of(hash));
            ends.pass(known, entry.lane, hash);
            if (known == 2) second = record::hex_of(ends.combined());
        }
    };
    agent.kit.admit("free", arguments).executed();
    check_new_entries();
    PendingCall call = agent.kit.submit("held", arguments);
    agent.kit.approve(call.request_id());
    check_new_entries();
    call.wait().executed();
    check_new_entries();
    const AuditReport report = agent.storage->verify_audit({}, 2);
    CHECK(report.intact());
    CHECK(report.head == record::hex_of(ends.combined()));
    CHECK(report.marked == second);
}

CONTRACT_TEST("G9 every decision names who took it, and the way it came") {
    const Guarding agent(std::make_unique<TestType>());
    PendingCall call = agent.kit.submit("held", arguments);
    agent.kit.approve(call.request_id(), {.reviewer = "bob"});
    call.wait().executed();
    agent.kit.admit("free", arguments).executed();
    for (const AuditEntry& entry : agent.entries()) {
        CHECK_FALSE(entry.way.empty());
        if (entry.decision == AuditEvent::approved) CHECK_FALSE(entry.reviewer.empty());
    }
    CHECK(agent.entries().front().reviewer == "bob");
    CHECK(agent.storage->find_decision(call.request_id())->way == agent.entries().front().way);
}

CONTRACT_TEST("G12 a tool that no rule matches is held, and starts with an approval only") {
    const Guarding agent(std::make_unique<TestType>());
    PendingCall call = agent.kit.submit("unheard of", arguments);
    REQUIRE(agent.storage->list({}).requests.size() == 1);
    agent.kit.reject(call.request_id());
    CHECK_THROWS_AS(call.wait(), ApprovalRejectedError);
}

CONTRACT_TEST("G14 where decisions are signed, nobody approves by writing into the record") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const Guarding agent(std::make_unique<TestType>(), Policy().set_reviewers({{"ada", ada.public_key()}}));
    PendingCall call = agent.kit.submit("held", arguments);
    Row row = agent.engine->row(call.request_id()).value();
    row.status = "approved";
    Decision forged;
    SECTION("a status") {}
    SECTION("a decision too, in her name and signed by nobody") {
        forged = {.request_id = call.request_id(),
                  .verdict = Verdict::approve,
                  .reviewer = "ada",
                  .way = "web",
                  .notes = "",
                  .view_digest = "",
                  .shown = Shown::not_recorded,
                  .signature = std::nullopt};
        agent.engine->add_decision({forged, "2026-01-02T03:04:05.000000", "none"});
    }
    agent.engine->write(call.request_id(), row, Write::update);
    CHECK_THROWS_AS(call.wait(), UntrustedDecisionError);
    CHECK(agent.storage->find(call.request_id())->run == RunState::none);
    CHECK(agent.entries().back().decision == AuditEvent::refused);
}
