// A stop is in force at the next start of every agent, whoever allowed the call, until it is lifted on record (G18).
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"
#include "record/contract/keyed.hpp"
#include "support/eventually.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;

namespace {

const Intent mail{"send_email", "{}", "{}", "auto-approved by policy", "test"};

struct Stopped : Agent {
    using Agent::Agent;

    Stop stop(const StopOrder& order = {.reason = "wrong recipients"}) const {
        return reviewer->stop(order, "ann", "terminal");
    }
    Stop resume(const Stop& stop) const { return reviewer->resume(stop.id, "ann", "terminal"); }
    [[nodiscard]] ErrorCode refused_intent(const Intent& intent = mail) const {
        return error_code_of([&] { static_cast<void>(storage->record_intent(intent)); });
    }
    void allow() const {
        storage->finish(
            {storage->record_intent(mail), std::string(auto_request_id), "send_email", RunState::executed, ""});
    }

    std::unique_ptr<Storage> reviewer = engine->open();
};

}  // namespace

CONTRACT_TEST("G18 what the policy allows does not start under a stop, which the record says") {
    const Stopped agent(std::make_unique<TestType>());
    const Stop stop = agent.stop();
    CHECK(stop.in_force());
    CHECK(agent.refused_intent() == ErrorCode::stopped);
    const AuditEntry refused = agent.last_entry();
    CHECK(refused.decision == AuditEvent::refused);
    CHECK(refused.request_id == auto_request_id);
    CHECK(refused.reviewer_notes == "stopped by ann (stop " + stop.id + "): wrong recipients");
    CHECK_FALSE(agent.resume(stop).in_force());
    agent.allow();
    CHECK(agent.events() == AuditEvents{AuditEvent::stopped, AuditEvent::refused, AuditEvent::lifted,
                                        AuditEvent::approved, AuditEvent::executed});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G18 an approved call stays approved under a stop and starts once that is lifted") {
    const Stopped agent(std::make_unique<TestType>());
    const bool is_stopped_first = GENERATE(true, false);
    Stop stop;
    if (is_stopped_first) stop = agent.stop();
    agent.approve();
    if (!is_stopped_first) stop = agent.stop();
    CHECK(agent.refused_claim() == ErrorCode::stopped);
    CHECK(agent.refused_claim() == ErrorCode::stopped);
    CHECK(agent.found().status == ApprovalStatus::approved);
    CHECK(agent.found().run == RunState::none);
    agent.resume(stop);
    agent.finish(agent.claim(), RunState::executed);
    CHECK(agent.found().run == RunState::executed);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G18 G5 a stop makes no start window longer") {
    const Stopped agent(std::make_unique<TestType>());
    agent.approve();
    const Stop stop = agent.stop();
    agent.engine->clock->pass(std::chrono::seconds(60));
    CHECK(agent.refused_claim() == ErrorCode::timeout);
    agent.resume(stop);
    CHECK(agent.refused_claim() == ErrorCode::timeout);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G18 requests are still asked and answered under a stop") {
    const Stopped agent(std::make_unique<TestType>());
    const Stop stop = agent.stop();
    const ApprovalRequest other = agent.submitted();
    agent.approve(other);
    CHECK(agent.storage->find(other.id)->status == ApprovalStatus::approved);
    CHECK(agent.pending() == 1);
    agent.resume(stop);
    CHECK_FALSE(agent.claim(other).empty());
}

CONTRACT_TEST("G18 a stop covers the tools and agents that it names, and no other") {
    const Stopped agent(std::make_unique<TestType>());
    SECTION("a tool by its pattern") {
        agent.stop({.reason = "a test", .tool = "send_*"});
        CHECK(agent.refused_intent() == ErrorCode::stopped);
        CHECK_FALSE(agent.storage->record_intent({"read", "{}", "{}", "", "test"}).empty());
    }
    SECTION("an agent by its name") {
        agent.stop({.reason = "a test", .agent = "test"});
        CHECK(agent.refused_intent() == ErrorCode::stopped);
        CHECK_FALSE(agent.storage->record_intent({"send_email", "{}", "{}", "", "tester"}).empty());
        agent.approve();
        CHECK(agent.refused_claim() == ErrorCode::stopped);
    }
    SECTION("each of two has to be lifted") {
        const Stop first = agent.stop({.reason = "a test", .tool = "send_*"});
        const Stop second = agent.stop({.reason = "another", .agent = "te*"});
        agent.resume(first);
        CHECK(agent.refused_intent() == ErrorCode::stopped);
        agent.resume(second);
        agent.allow();
    }
}

CONTRACT_TEST("G18 a call with a key does not start under a stop, and may be asked again") {
    const Stopped agent(std::make_unique<TestType>());
    KeyedCall call;
    call.key = "order 7";
    call.tool_name = "send_email";
    const Stop stop = agent.stop();
    CHECK(error_code_of([&] { static_cast<void>(agent.storage->record_intent(mail, call)); }) == ErrorCode::stopped);
    agent.resume(stop);
    const KeyedAnswer answer = agent.storage->record_intent(mail, call);
    CHECK(answer.kind == KeyedAnswer::Kind::accepted);
    CHECK_FALSE(answer.entry_id.empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("A stop is lifted once, and whoever comes later is told by whom") {
    const Stopped agent(std::make_unique<TestType>());
    const Stop stop = agent.stop();
    CHECK(agent.storage->stops(StopList::in_force).size() == 1);
    agent.resume(stop);
    CHECK(agent.resume(stop).ended_by == "ann");
    CHECK(error_code_of([&] { agent.storage->resume(stop.id, "bob", "web"); }) == ErrorCode::already_decided);
    CHECK(error_code_of([&] { agent.storage->resume("no id", "bob", "web"); }) == ErrorCode::not_found);
    CHECK(agent.storage->stops(StopList::in_force).empty());
    const std::vector<Stop> all = agent.storage->stops(StopList::all);
    REQUIRE(all.size() == 1);
    CHECK(all.front().ended_by == "ann");
    CHECK(agent.events() == AuditEvents{AuditEvent::stopped, AuditEvent::lifted});
}

CONTRACT_TEST("An order without a reason, or whose patterns cannot be put on record, stops nothing") {
    const Stopped agent(std::make_unique<TestType>());
    const StopOrder order =
        GENERATE(StopOrder{}, StopOrder{.reason = " \n"}, StopOrder{.reason = "a", .tool = ""},
                 StopOrder{.reason = "a", .agent = std::string(257, 'x')}, StopOrder{.reason = "a", .tool = "\xff"});
    CHECK(error_code_of([&] { agent.stop(order); }) == ErrorCode::invalid_option);
    agent.allow();
}

CONTRACT_TEST("G18 an agent that has met a stop is held by it until an entry says that it was lifted") {
    const Stopped agent(std::make_unique<TestType>());
    const Stop stop = agent.stop();
    CHECK(agent.refused_intent() == ErrorCode::stopped);
    const StopRow forged =
        GENERATE(StopRow::removed, StopRow::said_to_be_lifted, StopRow::lifted_by_nobody, StopRow::narrowed);
    agent.engine->forge_stop(stop.id, forged);
    CHECK(agent.storage->stops(StopList::in_force).empty() == (forged != StopRow::narrowed));
    CHECK(agent.refused_intent() == ErrorCode::stopped);
    CHECK(agent.storage->find_stop("send_email", "test")->id == stop.id);
    CHECK_FALSE(agent.is_intact());
}

CONTRACT_TEST(
    "G18 an agent that only looked for a stop remembers it too, and one that did neither does not know of it") {
    const Stopped agent(std::make_unique<TestType>());
    CHECK_FALSE(agent.storage->find_stop("send_email", "test").has_value());
    const Stop stop = agent.stop({.reason = "a test", .tool = "send_*"});
    CHECK_FALSE(agent.storage->find_stop("read", "test").has_value());
    agent.engine->forge_stop(stop.id, StopRow::removed);
    CHECK(agent.storage->find_stop("send_email", "test")->reason == "a test");
    CHECK_FALSE(agent.reviewer->find_stop("send_email", "test").has_value());
    CHECK(agent.refused_intent() == ErrorCode::stopped);
}

CONTRACT_TEST("G18 a stop whose end was forged can be lifted, which makes its row true again") {
    const Stopped agent(std::make_unique<TestType>());
    const Stop stop = agent.stop();
    CHECK(agent.refused_intent() == ErrorCode::stopped);
    agent.engine->forge_stop(stop.id, GENERATE(StopRow::said_to_be_lifted, StopRow::lifted_by_nobody));
    CHECK(agent.reviewer->resume(stop.id, "bob", "web").ended_by == "bob");
    agent.allow();
    CHECK(agent.is_intact());
    CHECK(error_code_of([&] { agent.resume(stop); }) == ErrorCode::already_decided);
}

CONTRACT_TEST("G18 a stop by name holds the call of who asked for it, and of who has taken it over") {
    const Stopped agent(std::make_unique<TestType>());
    agent.approve();
    Claim claim{agent.request.id, agent.request.view_digest, {}};
    claim.agent = "heir";
    const bool is_heirs = GENERATE(false, true);
    const std::string name = is_heirs ? claim.agent : agent.request.agent;
    const Stop stop = agent.stop({.reason = "a test", .agent = name});
    CHECK(error_code_of([&] { static_cast<void>(agent.storage->claim(claim)); }) == ErrorCode::stopped);
    agent.resume(stop);
    CHECK_FALSE(agent.storage->claim(claim).empty());
}

CONTRACT_TEST("G18 no start comes on record between a stop and its lifting, however they race") {
    constexpr int rounds = 200;
    const Stopped agent(std::make_unique<TestType>());
    std::atomic<bool> is_over = false;
    std::atomic<int> starts_told = 0;
    std::jthread starting([&] {
        while (!is_over) {
            try {
                agent.allow();
                ++starts_told;
            } catch (const StoppedError&) {
                continue;  // this is what a stop is for
            }
        }
    });
    for (int round = 0; round < rounds; ++round) {
        const int before = starts_told;
        agent.resume(agent.stop());
        CHECK(eventually([&] { return starts_told > before; }));
    }
    is_over = true;
    starting.join();

    bool is_stopped = false;
    int starts = 0;
    int starts_under_a_stop = 0;
    AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = true};
    do {
        const AuditPage page = agent.storage->audit(query);
        for (const AuditEntry& entry : page.entries) {
            if (entry.decision == AuditEvent::stopped) is_stopped = true;
            if (entry.decision == AuditEvent::lifted) is_stopped = false;
            if (entry.decision != AuditEvent::approved) continue;
            ++starts;
            if (is_stopped) ++starts_under_a_stop;
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
    CHECK(starts > 0);
    CHECK(starts_under_a_stop == 0);
    CHECK(agent.is_intact());
}
