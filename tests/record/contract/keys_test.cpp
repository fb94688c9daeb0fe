// A call with an idempotency key outlives its agent, and starts once, no matter who asks for it.
#include "record/contract/keyed.hpp"
#include "support/error_code_of.hpp"

#include <chrono>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

namespace {

const Intent allowed{"send_email", "{}", "{}", "auto-approved by policy"};

RunOutcome outcome_of(const std::string& entry_id, RunState state, const std::string& note = {}) {
    return {.entry_id = entry_id,
            .request_id = std::string(auto_request_id),
            .tool_name = "send_email",
            .state = state,
            .note = note,
            .has_key = true};
}

}  // namespace

CONTRACT_TEST("G3 G6 a request with a key outlives its agent, and whoever asks again starts it") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    CHECK(it.storage->sweep() == 0);
    CHECK(it.found().status == ApprovalStatus::pending);
    CHECK(it.found().awaits_agent);
    CHECK(it.found().session == 0);
    SECTION("while it waits") {
        const KeyedAnswer answer = it.ask();
        REQUIRE(answer.kind == Kind::taken_over);
        CHECK(answer.request.value().id == it.request.id);
        CHECK_FALSE(it.found().awaits_agent);
        it.approve();
    }
    SECTION("with its approval") {
        it.approve();
        CHECK(it.found().awaits_agent);
        REQUIRE(it.ask().kind == Kind::taken_over);
    }
    it.execute(*it.storage, "sent");
    const KeyedAnswer again = it.ask();
    CHECK(again.kind == Kind::ended);
    CHECK(again.run == RunState::executed);
    CHECK(again.note == "sent");
    CHECK(it.storage->list({}).requests.empty());
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("a take-over is on record, with the session that took over") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    REQUIRE(it.ask().kind == Kind::taken_over);
    it.storage->flush();
    const AuditEntry entry = it.storage->audit({}).entries.front();
    CHECK(entry.decision == AuditEvent::resumed);
    CHECK(entry.request_id == it.request.id);
    CHECK(entry.view == it.request.view_digest);
    CHECK(entry.session == it.found().session);
    CHECK(entry.session != 0);
}

CONTRACT_TEST("G3 what an agent that lives waits for, or runs, is taken over by nobody") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    const auto other = it.engine->open();
    CHECK(it.ask(*other).kind == Kind::in_use);
    CHECK(it.ask(*it.storage).kind == Kind::in_use);
    it.approve();
    CHECK(it.ask(*other).kind == Kind::in_use);
    const std::string entry_id = Keyed::claim(*it.storage, it.request);
    CHECK(it.ask(*other).kind == Kind::in_use);
    CHECK(it.ask(*it.storage).kind == Kind::in_use);
    CHECK(it.storage->list({.status = std::nullopt, .limit = 50, .cursor = ""}).requests.size() == 1);
    CHECK_FALSE(entry_id.empty());
}

CONTRACT_TEST("G3 an agent whose request another one took over can neither start nor cancel it") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.storage->release(it.request.id);
    auto other = it.engine->open();
    REQUIRE(it.ask(*other).kind == Kind::taken_over);
    const auto cancel = [&] { it.storage->end(it.request.id, ApprovalStatus::cancelled, "enough"); };
    const auto claim = [&] { static_cast<void>(Keyed::claim(*it.storage, it.request)); };
    CHECK(error_code_of(cancel) == ErrorCode::cancelled);
    CHECK(it.found().status == ApprovalStatus::pending);
    it.approve();
    CHECK(error_code_of(cancel) == ErrorCode::cancelled);
    CHECK(error_code_of(claim) == ErrorCode::cancelled);
    SECTION("while that one lives") {}
    SECTION("when that one has left it too") {
        other->release(it.request.id);
        CHECK(error_code_of(claim) == ErrorCode::cancelled);
        REQUIRE(it.ask(*other).kind == Kind::taken_over);
    }
    it.execute(*other);
    CHECK(it.found().run == RunState::executed);
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("an agent that only seemed to be gone goes on with what nobody took over") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.storage->release(it.request.id);
    it.approve();
    it.execute(*it.storage);
    CHECK(it.found().run == RunState::executed);
    CHECK(it.found().session != 0);
}

CONTRACT_TEST("a key is that of one call: other arguments or another tool are a conflict, whatever became of it") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    KeyedCall other_tool = call_with();
    other_tool.tool_name = "send_letter";
    const auto check = [&] {
        CHECK(it.ask(call_with("other arguments")).kind == Kind::conflict);
        CHECK(it.ask(other_tool).kind == Kind::conflict);
        CHECK(it.ask(other_tool).request_id == it.request.id);
        CHECK(it.storage->record_intent(allowed, call_with("other arguments")).kind == Kind::conflict);
        CHECK(it.storage->list({.status = std::nullopt, .limit = 50, .cursor = ""}).requests.size() == 1);
    };
    check();
    REQUIRE(it.ask().kind == Kind::taken_over);
    it.storage->end(it.request.id, ApprovalStatus::cancelled, "enough");
    check();
}

CONTRACT_TEST("what cannot be compared, or is not the same otherwise, is asked again in the place of the earlier one") {
    const Keyed it(std::make_unique<TestType>());
    KeyedCall call = call_with();
    SECTION("another secret") {
        call.commitments = {{"another secret", "true arguments"}};
    }
    SECTION("another policy, for one") {
        call.is_same = [](const ApprovalRequest&) { return false; };
    }
    bool approved = false;
    SECTION("another policy, after the approval") {
        call.is_same = nullptr;
        approved = true;
    }
    it.leave();
    if (approved) it.approve();
    const KeyedAnswer answer = it.ask(call);
    REQUIRE(answer.kind == Kind::ask_again);
    CHECK(answer.request_id == it.request.id);
    CHECK(it.storage->list({.status = std::nullopt, .limit = 50, .cursor = ""}).requests.size() == 1);
    CHECK(it.found().status == (approved ? ApprovalStatus::approved : ApprovalStatus::pending));

    call.replaces = answer.place + 1;
    CHECK(it.ask(call).kind == Kind::ask_again);
    call.replaces = answer.place;
    const KeyedAnswer next = it.ask(call);
    REQUIRE(next.kind == Kind::accepted);
    CHECK(next.request_id != it.request.id);
    CHECK(it.found().status == (approved ? ApprovalStatus::approved : ApprovalStatus::cancelled));
    CHECK(error_code_of([&] { static_cast<void>(Keyed::claim(*it.storage, it.request)); }) ==
          ErrorCode::already_decided);
    CHECK(it.ask(call).kind == Kind::in_use);
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("G3 what has run does not run again, though its arguments cannot be compared") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.approve();
    it.execute(*it.storage);
    KeyedCall call = call_with("true arguments", "another secret");
    call.replaces = it.ask(call).place;
    CHECK(it.ask(call).kind == Kind::ended);
    CHECK(it.storage->record_intent(allowed, call).kind == Kind::ended);
}

CONTRACT_TEST("whoever asks again is told how the call ended, and asks again what was cancelled") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    Kind expected = Kind::ended;
    auto status = ApprovalStatus::rejected;
    SECTION("rejected") {
        it.storage->decide(decision_on(it.request, Verdict::reject, "no"));
        CHECK(it.ask().request.value().reviewer == "ana");
    }
    SECTION("timed out, and somebody noticed") {
        it.engine->clock->pass(std::chrono::seconds(61));
        it.storage->sweep();
        status = ApprovalStatus::timeout;
    }
    SECTION("timed out, and nobody noticed") {
        it.engine->clock->pass(std::chrono::seconds(61));
        status = ApprovalStatus::timeout;
    }
    SECTION("approved, and not started by the deadline") {
        it.approve();
        it.engine->clock->pass(std::chrono::seconds(61));
        status = ApprovalStatus::approved;
    }
    SECTION("cancelled") {
        REQUIRE(it.ask().kind == Kind::taken_over);
        it.storage->end(it.request.id, ApprovalStatus::cancelled, "enough");
        expected = Kind::ask_again;
        status = ApprovalStatus::cancelled;
    }
    const KeyedAnswer answer = it.ask();
    CHECK(answer.kind == expected);
    CHECK(answer.run == RunState::none);
    CHECK(answer.request.value().status == status);
    CHECK(it.storage->list({}).requests.empty());
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST(
    "G13 of a call whose agent died while it may have been running nobody can tell, and it does not run again") {
    const Keyed it(std::make_unique<TestType>());
    it.leave([&](Storage& agent) {
        agent.decide(decision_on(it.request, Verdict::approve));
        static_cast<void>(Keyed::claim(agent, it.request));
    });
    SECTION("and somebody noticed") {
        it.storage->sweep();
    }
    SECTION("and nobody noticed") {}
    const KeyedAnswer answer = it.ask();
    CHECK(answer.kind == Kind::ended);
    CHECK(answer.run == RunState::unknown);
    CHECK(it.found().run == RunState::unknown);
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("a storage that closes leaves requests with a key to whoever asks again") {
    const Keyed it(std::make_unique<TestType>());
    auto agent = it.engine->open();
    REQUIRE(agent->submit(it.request, call_with()).kind == Kind::accepted);
    const ApprovalRequest without = held_request(*it.engine->clock);
    agent->submit(without);
    agent.reset();
    CHECK(it.found().awaits_agent);
    CHECK(it.storage->find(without.id).value().status == ApprovalStatus::cancelled);
    CHECK(it.ask().kind == Kind::taken_over);
}

CONTRACT_TEST("G3 G4 what the policy allowed with a key starts once") {
    const Keyed it(std::make_unique<TestType>());
    const auto other = it.engine->open();
    const KeyedAnswer first = it.storage->record_intent(allowed, call_with());
    REQUIRE(first.kind == Kind::accepted);
    REQUIRE_FALSE(first.entry_id.empty());
    CHECK(other->record_intent(allowed, call_with()).kind == Kind::in_use);
    SECTION("and ran") {
        it.storage->finish(outcome_of(first.entry_id, RunState::executed, "sent"));
        it.storage->flush();
        const KeyedAnswer second = other->record_intent(allowed, call_with());
        CHECK(second.kind == Kind::ended);
        CHECK(second.run == RunState::executed);
        CHECK(second.note == "sent");
        CHECK(it.ask(*other).kind == Kind::ended);
        CHECK(it.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    }
    SECTION("and failed") {
        it.storage->finish(outcome_of(first.entry_id, RunState::failed, "no line"));
        it.storage->flush();
        CHECK(other->record_intent(allowed, call_with()).run == RunState::failed);
    }
    SECTION("and did not start, so it may") {
        it.storage->not_started({.entry_id = first.entry_id,
                                 .request_id = std::string(auto_request_id),
                                 .tool_name = std::string(allowed.tool_name),
                                 .reason = "given up",
                                 .has_key = true});
        it.storage->flush();
        CHECK(other->record_intent(allowed, call_with()).kind == Kind::accepted);
    }
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("G13 what the policy allowed to an agent that died is unknown, and does not run again") {
    const Keyed it(std::make_unique<TestType>());
    it.engine->in_killed_agent([](Storage& agent) { static_cast<void>(agent.record_intent(allowed, call_with())); });
    SECTION("and somebody noticed") {
        it.storage->sweep();
    }
    SECTION("and nobody noticed") {}
    const KeyedAnswer answer = it.storage->record_intent(allowed, call_with());
    CHECK(answer.kind == Kind::ended);
    CHECK(answer.run == RunState::unknown);
}

CONTRACT_TEST("a request that the policy allows by now is withdrawn for the call that it allows") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    CHECK(it.storage->record_intent(allowed, call_with()).kind == Kind::accepted);
    CHECK(it.found().status == ApprovalStatus::cancelled);
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("a take-over that could not be recorded leaves the request to the next who asks") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    it.engine->while_unwritable([&] { CHECK_THROWS_AS(it.ask(), StorageError); });
    const auto other = it.engine->open();
    CHECK(it.ask(*other).kind == Kind::taken_over);
}

CONTRACT_TEST("G2 a request that another program changed is not taken over") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    Row row = it.engine->row(it.request.id).value();
    row.tool_args = R"({"to":"eve@example.com"})";
    it.engine->write(it.request.id, row, Write::update);
    KeyedCall call = call_with();
    call.is_same = [](const ApprovalRequest& stored) { return !stored.submitted; };
    CHECK(it.ask(call).kind == Kind::ask_again);
}

CONTRACT_TEST("a request with a key whose row another program removed does not run, and may be asked again") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    it.engine->remove(it.request.id);
    CHECK(it.ask().kind == Kind::accepted);
    CHECK(it.storage->verify_audit().intact());
}
