// What starts take of limits is counted in the transaction that lets them start. It never goes over the limit, and
// nothing that has started is given back.
#include "record/contract/keyed.hpp"
#include "record/contract/limited.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using namespace approvekit::contract;
using namespace std::chrono_literals;

CONTRACT_TEST("calls start up to their limit, whichever agents ask, and no further") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 5);
    for (int turn = 0; turn < 5; ++turn)
        static_cast<void>(Limited::start(turn % 2 == 0 ? *agent.storage : *agent.other, call));
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
    CHECK(error_code_of([&] { static_cast<void>(Limited::start(*agent.other, call)); }) == ErrorCode::limit_reached);
    CHECK(agent.used() == 5);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a sum comes to its limit exactly, and what does not fit leaves room for what does") {
    const Limited agent(std::make_unique<TestType>());
    static_cast<void>(agent.start(use_of(70, 100)));
    CHECK(agent.refused(use_of(31, 100)) == ErrorCode::limit_reached);
    static_cast<void>(agent.start(use_of(30, 100)));
    CHECK(agent.refused(use_of(1, 100)) == ErrorCode::limit_reached);
    static_cast<void>(agent.start(use_of(0, 100)));
    CHECK(agent.used() == 100);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("each limit and each bucket counts apart") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1);
    LimitUse other_bucket = call;
    other_bucket.bucket = "\"bob\"";
    LimitUse other_limit = call;
    other_limit.limit = "mails";
    for (const LimitUse& use : {call, other_bucket, other_limit})
        CHECK(agent.started(use) == 1);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("what a limit lets start is beyond it by what the record says, not by what was allowed then") {
    const Limited agent(std::make_unique<TestType>());
    static_cast<void>(agent.start(use_of(5, 10)));
    CHECK(agent.refused(use_of(1, 5)) == ErrorCode::limit_reached);
    static_cast<void>(agent.start(use_of(1, 6)));
}

CONTRACT_TEST("what has started counts, however it ended; what did not start does not") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1);
    const std::string entry_id = agent.start(call);
    SECTION("executed, failed or unknown") {
        agent.end(entry_id, GENERATE(RunState::executed, RunState::failed, RunState::unknown));
        CHECK(agent.refused(call) == ErrorCode::limit_reached);
    }
    SECTION("not started") {
        agent.give_back(entry_id);
        CHECK(agent.used() == 0);
        CHECK(agent.started(call) == 1);
    }
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a run whose agent died keeps its share") {
    auto engine = std::make_unique<TestType>();
    const LimitUse call = use_of(1, 1);
    engine->in_killed_agent([&](Storage& killed) { static_cast<void>(Limited::start(killed, call)); });
    const Limited agent(std::move(engine));
    agent.storage->sweep();
    CHECK(agent.last_entry().decision == AuditEvent::unknown);
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a start whose commit failed takes of no limit") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1);
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(agent.start(call), StorageError); });
    CHECK(agent.started(call) == 1);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("what is given back leaves the later ones as they count") {
    const Limited agent(std::make_unique<TestType>());
    const std::string first = agent.start(use_of(10, 100));
    agent.engine->clock->pass(10min);
    const std::string second = agent.start(use_of(20, 100));
    agent.engine->clock->pass(10min);
    static_cast<void>(agent.start(use_of(30, 100)));
    agent.give_back(second);
    CHECK(agent.used() == 40);
    agent.engine->clock->pass(40min);
    CHECK(agent.used() == 30);
    agent.give_back(first);
    CHECK(agent.used() == 30);
    CHECK(agent.started(use_of(70, 100)) == 1);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("what cannot be measured is beyond every limit") {
    const Limited agent(std::make_unique<TestType>());
    LimitUse use = use_of(0, 100);
    use.is_measured = false;
    CHECK(agent.refused(use) == ErrorCode::limit_reached);
    use.is_measured = true;
    use.amount = -one_whole;
    CHECK(agent.refused(use) == ErrorCode::limit_reached);
    use.amount = std::numeric_limits<std::int64_t>::max();
    CHECK(agent.refused(use) == ErrorCode::limit_reached);
    CHECK(agent.used() == 0);
}

CONTRACT_TEST("beyond a limit that denies the record says what was refused; beyond one that holds nothing happened") {
    const Limited agent(std::make_unique<TestType>());
    const Beyond beyond = GENERATE(Beyond::hold, Beyond::deny);
    const LimitUse call = use_of(1, 1, beyond);
    static_cast<void>(agent.start(call));
    try {
        static_cast<void>(agent.start(call));
        FAIL("it started");
    } catch (const LimitReachedError& reached) {
        CHECK(reached.may_be_held() == (beyond == Beyond::hold));
        CHECK(reached.notes() == "the words of the policy");
    }
    const AuditEntry last = agent.last_entry();
    CHECK(last.decision == (beyond == Beyond::deny ? AuditEvent::refused : AuditEvent::approved));
    if (beyond == Beyond::deny) CHECK(last.reviewer_notes == "beyond a limit of the policy: the words of the policy");
    CHECK(agent.is_intact());
}

CONTRACT_TEST("what a person approved beyond a limit that holds starts, and counts") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1);
    static_cast<void>(agent.start(call));
    const ApprovalRequest held = agent.approved(call);
    const std::string entry_id = agent.claim_under(held, call);
    CHECK(agent.used() == 2);
    agent.storage->finish({entry_id, held.id, held.tool_name, RunState::executed, ""});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("an approved call beyond a limit that denies is refused at its claim, and ends") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1, Beyond::deny);
    const ApprovalRequest first = agent.approved(call);
    const ApprovalRequest second = agent.approved(call);
    CHECK(agent.used() == 0);
    static_cast<void>(agent.claim_under(first, call));
    CHECK(error_code_of([&] { static_cast<void>(agent.claim_under(second, call)); }) == ErrorCode::limit_reached);
    CHECK(agent.last_entry().decision == AuditEvent::refused);
    CHECK(agent.last_entry().reviewer_notes == "beyond a limit of the policy: the words of the policy");
    CHECK(error_code_of([&] { static_cast<void>(agent.claim_under(second, call)); }) == ErrorCode::already_decided);
    CHECK(agent.used() == 1);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("an approved call that was let start and did not gives its share back") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1, Beyond::deny);
    const ApprovalRequest held = agent.approved(call);
    const std::string entry_id = agent.claim_under(held, call);
    agent.storage->not_started({entry_id, held.id, held.tool_name, "not started: a test"});
    agent.storage->flush();
    CHECK(agent.used() == 0);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a call with a key counts once, whichever agents ask for it") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse use = use_of(1, 1);
    const std::string metadata = Limited::metadata_of(use);
    const Intent intent{"send_email", "{}", metadata, "auto-approved by policy", "test", &use};
    const KeyedAnswer first = agent.storage->record_intent(intent, call_with());
    CHECK(first.kind == Kind::accepted);
    agent.storage->finish({first.entry_id, std::string(auto_request_id), "send_email", RunState::executed, "", true});
    agent.storage->flush();
    // If there is room, the answer tells how the first call ended. If not, the caller is told to ask as for a request,
    // which tells the same.
    CHECK(error_code_of([&] { static_cast<void>(agent.other->record_intent(intent, call_with())); }) ==
          ErrorCode::limit_reached);
    CHECK(agent.other->submit(held_request(*agent.engine->clock), call_with()).kind == Kind::ended);
    const LimitUse wide = use_of(1, 5);
    const Intent again{"send_email", "{}", metadata, "auto-approved by policy", "test", &wide};
    CHECK(agent.other->record_intent(again, call_with()).kind == Kind::ended);
    CHECK(agent.used() == 1);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a request with a key that waits beyond its limit is not replaced by asking again") {
    auto engine = std::make_unique<TestType>();
    const LimitUse use = use_of(1, 1);
    const ApprovalRequest held = held_request(*engine->clock);
    engine->in_killed_agent([&](Storage& killed) {
        static_cast<void>(Limited::start(killed, use));
        static_cast<void>(killed.submit(held, call_with()));
    });
    const Limited agent(std::move(engine));
    const std::string metadata = Limited::metadata_of(use);
    const Intent intent{"send_email", "{}", metadata, "auto-approved by policy", "test", &use};
    CHECK(error_code_of([&] { static_cast<void>(agent.storage->record_intent(intent, call_with())); }) ==
          ErrorCode::limit_reached);
    CHECK(agent.storage->find(held.id)->status == ApprovalStatus::pending);
    CHECK(agent.storage->submit(held_request(*agent.engine->clock), call_with()).kind == Kind::taken_over);
    agent.approve(held);
    static_cast<void>(agent.claim_under(held, use));
    CHECK(agent.used() == 2);
}

CONTRACT_TEST("H62 verifying names a start whose use was removed, changed, copied or given back by another program") {
    const Limited agent(std::make_unique<TestType>());
    const std::string first = agent.start(use_of(1, 100));
    agent.engine->clock->pass(1min);
    const std::string second = agent.start(use_of(2, 100));
    const ApprovalRequest held = agent.approved(use_of(3, 100));
    static_cast<void>(agent.claim_under(held, use_of(3, 100)));
    CHECK(agent.report().intact());
    const UseRow row = GENERATE(UseRow::removed, UseRow::made_less, UseRow::moved_back, UseRow::moved_ahead,
                                UseRow::given_back, UseRow::copied, UseRow::put_elsewhere, UseRow::total_made_less);
    agent.engine->forge_use(GENERATE_REF(second, held.id), row);
    const AuditReport report = agent.report();
    CHECK_FALSE(report.intact());
}

CONTRACT_TEST(
    "H62 verifying names the first row of a limit that was moved ahead, for what it replaced to seem forgotten") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse all = use_of(5, 5);
    agent.engine->forge_use(agent.start(all), UseRow::removed);
    agent.engine->clock->pass(1min);
    const std::string second = agent.start(all);
    agent.engine->forge_use(second, UseRow::moved_ahead);
    REQUIRE_FALSE(agent.report().intact());
    CHECK(agent.report().fault->request_id == second);
    agent.engine->clock->pass(1min);
    static_cast<void>(agent.start(use_of(5, 10)));
    CHECK_FALSE(agent.report().intact());
}

CONTRACT_TEST("what people approved beyond every limit starts each time, and counts") {
    const Limited agent(std::make_unique<TestType>());
    LimitUse huge = use_of(2'000'000'000, 1);
    huge.is_measured = false;
    for (int turn = 0; turn < 5; ++turn)
        static_cast<void>(agent.claim_under(agent.approved(huge), huge));
    CHECK(agent.used() == 10'000'000'000);
    CHECK(agent.is_intact());
}
