// How runs start and end, and what the record says about it.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;

CONTRACT_TEST("given a held request, when it is approved and claimed, then the record tells each step") {
    const Agent agent(std::make_unique<TestType>());
    REQUIRE(agent.pending() == 1);
    REQUIRE(agent.found().ours);

    const ApprovalRequest approved = agent.storage->decide(decision_on(agent.request, Verdict::approve));
    REQUIRE(approved.status == ApprovalStatus::approved);
    REQUIRE(approved.reviewer == "ana");
    REQUIRE(approved.way == "terminal");

    const std::string entry = agent.claim();
    REQUIRE(agent.found().run == RunState::running);
    agent.finish(entry, RunState::executed);

    REQUIRE(agent.found().run == RunState::executed);
    REQUIRE(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    const AuditReport report = agent.storage->verify_audit();
    REQUIRE(report.intact());
    REQUIRE(report.entries == 2);
}

CONTRACT_TEST("a request tells when its call started and ended, and whose it is") {
    const Agent agent(std::make_unique<TestType>());
    CHECK(agent.found().session == 1);
    agent.approve();
    agent.engine->clock->pass(std::chrono::seconds(1));
    CHECK_FALSE(agent.found().started_at);
    const std::string entry = agent.claim();
    CHECK(agent.found().started_at == agent.engine->clock->now());
    CHECK_FALSE(agent.found().finished_at);
    agent.engine->clock->pass(std::chrono::seconds(2));
    agent.finish(entry, RunState::executed);
    CHECK(agent.found().finished_at == agent.engine->clock->now());
    CHECK(agent.storage->list({.status = std::nullopt, .limit = 9, .cursor = {}}).requests.front().finished_at);

    const ApprovalRequest other = agent.submitted();
    agent.storage->decide(decision_on(other, Verdict::reject));
    CHECK_FALSE(agent.storage->find(other.id)->finished_at);
}

CONTRACT_TEST("a page of the audit tells of the sessions that its entries name") {
    Agent agent(std::make_unique<TestType>());
    agent.approve();
    const Time started_at = agent.engine->clock->now();
    static_cast<void>(agent.claim());
    agent.engine->clock->pass(std::chrono::seconds(3));
    const auto reviewer = agent.engine->open();
    const auto sessions = [&] { return reviewer->audit({}).sessions; };
    REQUIRE(sessions().size() == 1);
    CHECK(sessions().front().number == 1);
    CHECK(sessions().front().started_at == started_at);
    CHECK_FALSE(sessions().front().ended_at);
    agent.storage.reset();
    CHECK(sessions().front().ended_at == agent.engine->clock->now());
}

CONTRACT_TEST("a run that failed says why, in the request and in the record") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    agent.finish(agent.claim(), RunState::failed, "no route to host");
    CHECK(agent.found().run == RunState::failed);
    CHECK(agent.found().run_note == "no route to host");
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::failed});
}

CONTRACT_TEST("H80 the time left is told by the clock that runs out first") {
    const Agent agent(std::make_unique<TestType>());
    const auto seconds_left = [&] {
        const RequestPage page = agent.storage->list({});
        const Json found = agent.shown();
        CHECK(to_json_view(page.requests.front()).at("seconds_left") == found.at("seconds_left"));
        return found.at("seconds_left");
    };
    testing::SettableClock& clock = *agent.engine->clock;
    clock.pass(std::chrono::seconds(40));
    CHECK(seconds_left() == 20.0);
    clock.set_back(std::chrono::hours(2));
    CHECK(seconds_left() == 20.0);
    clock.set_back(-std::chrono::hours(2) - std::chrono::seconds(5));
    CHECK(seconds_left() == 15.0);
    agent.approve();
    CHECK(agent.shown().at("seconds_left").is_null());
}

CONTRACT_TEST("G13 an outcome that was handed over is durable with the next write, at a flush, and at the close") {
    Agent agent(std::make_unique<TestType>());
    agent.approve();
    agent.storage->finish({.entry_id = agent.claim(),
                           .request_id = agent.request.id,
                           .tool_name = agent.request.tool_name,
                           .state = RunState::executed,
                           .note = {}});
    SECTION("the next write") {
        agent.submitted();
    }
    SECTION("a flush") {
        agent.storage->flush();
    }
    SECTION("the close") {
        agent.storage.reset();
    }
    const auto other = agent.engine->open();
    CHECK(other->find(agent.request.id)->run == RunState::executed);
}

CONTRACT_TEST("G4 G13 a denial and an intent with its outcome are on record, each with its entry") {
    const Agent agent(std::make_unique<TestType>());
    agent.storage->record_denial({"rm", "{}", "{}", "denied by policy"});
    const std::string entry = agent.storage->record_intent({"ls", R"({"path":"/"})", "{}", "allowed by policy"});
    const auto other = agent.engine->open();
    CHECK(audit_events(*other) == AuditEvents{AuditEvent::denied, AuditEvent::approved});
    CHECK(other->audit({}).entries.front().id == entry);
    agent.storage->finish(
        {.entry_id = entry, .request_id = "auto", .tool_name = "ls", .state = RunState::executed, .note = {}});
    agent.storage->flush();
    CHECK(agent.last_entry().decision == AuditEvent::executed);
    CHECK(agent.last_entry().follows == entry);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("given many threads, when each records intents, then each has its entry and the chain holds") {
    TestType engine;
    const auto storage = engine.open();
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 8; ++thread) {
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i)
                    static_cast<void>(storage->record_intent({"t", "{}", "{}", "auto"}));
            });
        }
    }
    const AuditReport report = storage->verify_audit();
    REQUIRE(report.intact());
    REQUIRE(report.entries == 200);
}

CONTRACT_TEST("G3 G13 a second claim that could not be recorded takes nothing from the call that runs") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    const std::string entry = agent.claim();
    agent.engine->clock->pass(std::chrono::seconds(1));
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(static_cast<void>(agent.claim()), StorageError); });
    agent.submitted();
    CHECK(agent.found().run == RunState::running);
    agent.finish(entry, RunState::executed);
    CHECK(agent.found().run == RunState::executed);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G3 G4 a claim that could not be recorded starts nothing, then or later") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(static_cast<void>(agent.claim()), StorageError); });
    CHECK(agent.refused_claim() == ErrorCode::already_decided);
    CHECK(agent.found().run == RunState::none);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a claimed call that did not start is refused on record, and no run ends as none or running") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    const std::string entry = agent.claim();
    for (const RunState state : {RunState::none, RunState::running}) {
        CHECK_THROWS_AS(agent.finish(entry, state), MisuseError);
        CHECK(agent.events() == AuditEvents{AuditEvent::approved});
    }
    agent.storage->not_started({.entry_id = entry,
                                .request_id = agent.request.id,
                                .tool_name = agent.request.tool_name,
                                .reason = "not started: its arguments changed"});
    agent.storage->flush();
    CHECK(agent.found().run == RunState::none);
    CHECK(agent.last_entry().decision == AuditEvent::refused);
    CHECK(agent.last_entry().reviewer_notes == "not started: its arguments changed");
    CHECK(agent.refused_claim() == ErrorCode::already_decided);
    CHECK(agent.is_intact());
}
