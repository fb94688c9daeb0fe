// What asking again with a key results in after changes of clocks, boots, failed commits or writes of other programs.
#include "record/contract/keyed.hpp"
#include "support/error_code_of.hpp"

#include <chrono>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

namespace {

constexpr std::chrono::seconds longer_than_deadline{61};

/// Time passes, and somebody sets the wall clock back by the same amount.
void pass_unseen_by_the_wall_clock(const Keyed& it) {
    it.engine->clock->pass(longer_than_deadline);
    it.engine->clock->set_back(longer_than_deadline);
}

}  // namespace

CONTRACT_TEST("G13 what was approved and given up in time is not late, however late it is asked again") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.approve();
    SECTION("given up in time") {
        it.storage->end(it.request.id, ApprovalStatus::cancelled, "enough");
        it.engine->clock->pass(longer_than_deadline);
        CHECK(it.ask().kind == Kind::ask_again);
    }
    SECTION("ended at its deadline") {
        it.engine->clock->pass(longer_than_deadline);
        it.storage->sweep();
        CHECK(it.ask().kind == Kind::ended);
    }
    SECTION("ended at its deadline, which the clock since boot kept") {
        pass_unseen_by_the_wall_clock(it);
        it.storage->sweep();
        CHECK(it.ask().kind == Kind::ended);
    }
}

CONTRACT_TEST("G5 the clock of a later boot keeps the deadline of what it finds") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    SECTION("taken over") {
        it.engine->move_to_earlier_boot(it.request.id);
        REQUIRE(it.ask().kind == Kind::taken_over);
        it.approve();
        pass_unseen_by_the_wall_clock(it);
        CHECK(error_code_of([&] { static_cast<void>(Keyed::claim(*it.storage, it.request)); }) == ErrorCode::timeout);
    }
    SECTION("left, and seen by whoever looks first") {
        it.storage->sweep();
        it.engine->move_to_earlier_boot(it.request.id);
        const auto other = it.engine->open();
        CHECK(other->sweep() == 0);
        pass_unseen_by_the_wall_clock(it);
        CHECK(other->sweep() == 1);
        CHECK(it.found().status == ApprovalStatus::timeout);
    }
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("G5 G6 what an earlier boot left is over when the wall clock was set back behind its creation") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    it.storage->sweep();
    it.engine->move_to_earlier_boot(it.request.id);
    it.engine->clock->set_back(std::chrono::hours(1));
    SECTION("to whoever looks") {
        CHECK(it.engine->open()->sweep() == 1);
    }
    SECTION("to whoever asks again") {
        CHECK(it.ask().kind == Kind::ended);
    }
    CHECK(it.found().status == ApprovalStatus::timeout);
}

CONTRACT_TEST("G5 an approval that outlives its agent can be started within its start window, and not after it") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    it.engine->clock->pass(std::chrono::seconds{50});
    it.approve();
    SECTION("taken over past the deadline") {
        it.engine->clock->pass(std::chrono::seconds{59});
        REQUIRE(it.ask().kind == Kind::taken_over);
        CHECK_NOTHROW(Keyed::claim(*it.storage, it.request));
    }
    SECTION("taken over too late") {
        it.engine->clock->pass(std::chrono::seconds{60});
        CHECK(it.ask().kind == Kind::ended);
    }
    SECTION("taken over in a later boot, whose clock keeps the rest of it") {
        it.engine->move_to_earlier_boot(it.request.id);
        it.engine->clock->pass(std::chrono::seconds{20});
        REQUIRE(it.ask().kind == Kind::taken_over);
        it.engine->clock->pass(std::chrono::seconds{40});
        it.engine->clock->set_back(std::chrono::seconds{40});
        CHECK(error_code_of([&] { static_cast<void>(Keyed::claim(*it.storage, it.request)); }) == ErrorCode::timeout);
    }
    SECTION(
        "taken over in a later boot, whose wall clock is behind the approval by as much as those of two hosts are") {
        it.engine->move_to_earlier_boot(it.request.id);
        it.engine->clock->set_back(std::chrono::seconds{5});
        CHECK(it.ask().kind == Kind::taken_over);
    }
    SECTION("taken over in a later boot, whose wall clock was set back behind the approval") {
        it.engine->move_to_earlier_boot(it.request.id);
        it.engine->clock->set_back(std::chrono::seconds{6});
        CHECK(it.ask().kind == Kind::ended);
    }
    CHECK(it.storage->verify_audit().intact());
}

CONTRACT_TEST("G6 an approval that another host left is ended by whoever looks, once its start window is over") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    it.engine->clock->pass(std::chrono::seconds{50});
    it.approve();
    it.storage->sweep();
    it.engine->move_to_earlier_boot(it.request.id);
    it.engine->clock->pass(std::chrono::seconds{59});
    CHECK(it.storage->sweep() == 0);
    it.engine->clock->pass(std::chrono::seconds{1});
    CHECK(it.storage->sweep() == 1);
    CHECK_FALSE(it.found().start_by);
    CHECK(it.events().back() == AuditEvent::refused);
}

CONTRACT_TEST("G13 a call that was let start in time and did not start is not late, however late that is reported") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.approve();
    const std::string entry = Keyed::claim(*it.storage, it.request);
    it.engine->clock->pass(longer_than_deadline);
    it.storage->not_started({.entry_id = entry,
                             .request_id = it.request.id,
                             .tool_name = it.request.tool_name,
                             .reason = "its kit was closed"});
    it.storage->flush();
    CHECK(it.ask().kind == Kind::ask_again);
}

CONTRACT_TEST("a release that could not be recorded is made up for by the next write") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.engine->while_unwritable([&] { CHECK_THROWS_AS(it.storage->release(it.request.id), StorageError); });
    it.storage->flush();
    CHECK(it.found().awaits_agent);
    const auto other = it.engine->open();
    CHECK(it.ask(*other).kind == Kind::taken_over);
}

CONTRACT_TEST("an agent whose request another one took over cannot say that its time is up before it is") {
    const Keyed it(std::make_unique<TestType>());
    REQUIRE(it.storage->submit(it.request, call_with()).kind == Kind::accepted);
    it.storage->release(it.request.id);
    const auto other = it.engine->open();
    REQUIRE(it.ask(*other).kind == Kind::taken_over);
    const auto time_out = [&] { it.storage->end(it.request.id, ApprovalStatus::timeout, "nobody answered"); };
    CHECK(error_code_of(time_out) == ErrorCode::cancelled);
    CHECK(it.found().status == ApprovalStatus::pending);
    it.engine->clock->pass(longer_than_deadline);
    CHECK_NOTHROW(time_out());
    CHECK(it.found().status == ApprovalStatus::timeout);
}

CONTRACT_TEST("a rejection and a timeout are remembered when the row is gone") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    auto status = ApprovalStatus::rejected;
    SECTION("rejected") {
        it.storage->decide(decision_on(it.request, Verdict::reject, "no"));
    }
    SECTION("timed out") {
        it.engine->clock->pass(longer_than_deadline);
        it.storage->sweep();
        status = ApprovalStatus::timeout;
    }
    it.engine->remove(it.request.id);
    const KeyedAnswer answer = it.ask();
    REQUIRE(answer.kind == Kind::ended);
    CHECK(answer.run == RunState::none);
    REQUIRE(answer.request);
    CHECK(answer.request->status == status);
    CHECK(answer.request->id == it.request.id);
    if (status == ApprovalStatus::rejected) {
        CHECK(answer.request->reviewer == "ana");
        CHECK(answer.request->reviewer_notes == "no");
    }
}

CONTRACT_TEST("G3 a call of which the record has only the key may have run, and does not run again") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    it.engine->forget(it.request.id);
    SECTION("with its row") {}
    SECTION("without it") {
        it.engine->remove(it.request.id);
    }
    const KeyedAnswer answer = it.ask();
    CHECK(answer.kind == Kind::ended);
    CHECK(answer.run == RunState::unknown);
    CHECK(it.storage->record_intent({"send_email", "{}", "{}", "auto"}, call_with()).kind == Kind::ended);
}

CONTRACT_TEST("a conflict of keys is on record, with the call that was refused") {
    const Keyed it(std::make_unique<TestType>());
    it.leave();
    const Intent allowed{"send_email", R"({"to":"eve@example.com"})", "{}", "auto-approved by policy"};
    SECTION("of a call that is held") {
        CHECK(it.ask(call_with("other arguments")).kind == Kind::conflict);
    }
    SECTION("of one that is allowed") {
        CHECK(it.storage->record_intent(allowed, call_with("other arguments")).kind == Kind::conflict);
    }
    const AuditPage page = it.storage->audit({});
    REQUIRE_FALSE(page.entries.empty());
    const AuditEntry& entry = page.entries.front();
    CHECK(entry.decision == AuditEvent::refused);
    CHECK(entry.request_id == auto_request_id);
    CHECK(entry.tool_name == "send_email");
    CHECK(entry.tool_args.contains("to"));
    CHECK(entry.way == "agent");
    CHECK(entry.reviewer_notes == "its idempotency key is that of another call");
    CHECK(it.storage->verify_audit().intact());
}
