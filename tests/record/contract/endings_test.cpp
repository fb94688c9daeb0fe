// The life of a call, at every point where it can go another way. Each test checks the record too.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

CONTRACT_TEST("what is done to a request that is not there is refused") {
    const Agent agent(std::make_unique<TestType>());
    ApprovalRequest other = agent.request;
    other.id = "no such id";
    CHECK(error_code_of([&] { agent.approve(other); }) == ErrorCode::not_found);
    CHECK(agent.events().empty());
    CHECK(error_code_of([&] { static_cast<void>(agent.storage->claim({other.id, "", {}})); }) == ErrorCode::altered);
    CHECK(error_code_of([&] { agent.storage->end(other.id, ApprovalStatus::cancelled, "x"); }) == ErrorCode::altered);
    CHECK(agent.events() == AuditEvents{AuditEvent::refused, AuditEvent::refused});
}

CONTRACT_TEST("G3 what was not approved is not claimed") {
    const Agent agent(std::make_unique<TestType>());
    SECTION("still pending") {
        CHECK(agent.refused_claim() == ErrorCode::altered);
    }
    SECTION("rejected") {
        agent.storage->decide(decision_on(agent.request, Verdict::reject));
        CHECK(agent.refused_claim() == ErrorCode::already_decided);
    }
    SECTION("approved, then made to say rejected") {
        agent.approve();
        agent.set_status("rejected");
        CHECK(agent.refused_claim() == ErrorCode::altered);
    }
    SECTION("a row that another program added") {
        const Row row{"t", "{}", "approved", "2026-01-01T00:00:00.000000", {}, {}, "{}"};
        agent.engine->write("foreign", row, Write::insert);
        CHECK(error_code_of([&] {
                  static_cast<void>(agent.storage->claim({"foreign", "", {}}));
              }) == ErrorCode::altered);
    }
    SECTION("approved under another digest than the agent's") {
        agent.approve();
        CHECK(error_code_of([&] {
                  static_cast<void>(agent.storage->claim({agent.request.id, "other", {}}));
              }) == ErrorCode::altered);
    }
    CHECK(agent.found().run == RunState::none);
}

CONTRACT_TEST("G3 an approval starts one run only") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    CHECK_FALSE(agent.claim().empty());
    CHECK(agent.refused_claim() == ErrorCode::already_decided);
}

CONTRACT_TEST("G5 the deadline holds on the clock that only runs, whatever the wall clock says") {
    const Agent agent(std::make_unique<TestType>());
    const auto pass_the_deadline = [&] {
        agent.engine->clock->pass(std::chrono::seconds(60));
        agent.engine->clock->set_back(std::chrono::hours(1));
    };
    SECTION("for a decision") {
        pass_the_deadline();
        CHECK(error_code_of([&] { agent.approve(); }) == ErrorCode::expired);
    }
    SECTION("for a claim") {
        agent.approve();
        pass_the_deadline();
        CHECK(agent.refused_claim() == ErrorCode::timeout);
    }
    SECTION("for whoever sweeps") {
        pass_the_deadline();
        agent.storage->sweep();
        CHECK(agent.found().status == ApprovalStatus::timeout);
    }
}

CONTRACT_TEST("G5 H21 an approval after the deadline is refused and ends the request") {
    const Agent agent(std::make_unique<TestType>());
    agent.engine->clock->pass(std::chrono::seconds{60});
    CHECK(error_code_of([&] { agent.approve(); }) == ErrorCode::expired);
    CHECK(agent.found().status == ApprovalStatus::timeout);
    CHECK(agent.events() == AuditEvents{AuditEvent::timeout});
}

CONTRACT_TEST("G5 an approval in time is not claimed after the deadline") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    agent.engine->clock->pass(std::chrono::seconds{61});
    SECTION("by its agent, who comes first") {}
    SECTION("after somebody else swept it") {
        agent.engine->open()->sweep();
    }
    CHECK(agent.refused_claim() == ErrorCode::timeout);
    CHECK(agent.found().run == RunState::none);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

CONTRACT_TEST("an end changes what waits and what was not started, and nothing else") {
    const Agent agent(std::make_unique<TestType>());
    const auto end = [&](ApprovalStatus status) {
        return agent.storage->end(agent.request.id, status, "enough").status;
    };
    SECTION("a request that waits") {
        CHECK(end(ApprovalStatus::cancelled) == ApprovalStatus::cancelled);
        CHECK(agent.found().reviewer_notes == "enough");
        CHECK(agent.events() == AuditEvents{AuditEvent::cancelled});
    }
    SECTION("an approval that nobody waits for any more") {
        agent.approve();
        CHECK(end(ApprovalStatus::cancelled) == ApprovalStatus::approved);
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
        CHECK(agent.refused_claim() == ErrorCode::already_decided);
    }
    SECTION("an approval that was faster than the deadline") {
        agent.approve();
        CHECK(end(ApprovalStatus::timeout) == ApprovalStatus::approved);
        CHECK_FALSE(agent.claim().empty());
    }
    SECTION("a call that runs") {
        agent.approve();
        static_cast<void>(agent.claim());
        CHECK(end(ApprovalStatus::cancelled) == ApprovalStatus::approved);
        CHECK(agent.found().run == RunState::running);
    }
}

CONTRACT_TEST("G6 a sweep ends what is overdue, each in its own way, and only once") {
    const Agent agent(std::make_unique<TestType>());
    AuditEvents told;
    SECTION("a request that waits") {
        told = {AuditEvent::timeout};
    }
    SECTION("an approval that was not started") {
        agent.approve();
        told = {AuditEvent::approved, AuditEvent::refused};
    }
    SECTION("a rejection that another program wrote") {
        agent.set_status("rejected");
        told = {AuditEvent::rejected};
    }
    SECTION("a row that was removed") {
        agent.engine->remove(agent.request.id);
        told = {AuditEvent::refused};
    }
    agent.engine->clock->pass(std::chrono::seconds(60));
    agent.storage->sweep();
    CHECK(agent.events() == told);
    CHECK(agent.storage->sweep() == 0);
    CHECK(agent.events() == told);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G6 G13 an agent that closes its storage leaves nothing open") {
    Agent agent(std::make_unique<TestType>());
    const ApprovalRequest approved = agent.submitted();
    const ApprovalRequest running = agent.submitted();
    const ApprovalRequest removed = agent.submitted();
    agent.approve(approved);
    agent.approve(running);
    static_cast<void>(agent.claim(running));
    agent.engine->remove(removed.id);

    agent.storage.reset();
    agent.storage = agent.engine->open();

    CHECK(agent.found().status == ApprovalStatus::cancelled);
    CHECK(agent.storage->find(approved.id)->run == RunState::none);
    CHECK(agent.storage->find(running.id)->run == RunState::unknown);
    const AuditEvents events = agent.events();
    CHECK(std::count(events.begin(), events.end(), AuditEvent::refused) == 2);
    CHECK(std::count(events.begin(), events.end(), AuditEvent::unknown) == 1);
    CHECK(agent.storage->sweep() == 0);
    CHECK(agent.late_approval() == ErrorCode::cancelled);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G6 H22 H23 given an agent that was killed, then whoever looks next ends what it left") {
    TestType engine;
    const auto reviewer = engine.open();
    const ApprovalRequest waiting = held_request(*engine.clock);
    const ApprovalRequest approved = held_request(*engine.clock);
    const ApprovalRequest running = held_request(*engine.clock);
    engine.in_killed_agent([&](Storage& agent) {
        for (const auto& request : {waiting, approved, running})
            agent.submit(request);
        agent.decide(decision_on(approved, Verdict::approve));
        agent.decide(decision_on(running, Verdict::approve));
        static_cast<void>(agent.claim({running.id, running.view_digest, {}}));
        static_cast<void>(agent.record_intent({"read_file", "{}", "{}", "auto-approved by policy"}));
    });
    REQUIRE(error_code_of([&] { reviewer->decide(decision_on(waiting, Verdict::approve)); }) == ErrorCode::expired);
    reviewer->sweep();
    REQUIRE(reviewer->find(waiting.id)->status == ApprovalStatus::timeout);
    REQUIRE(reviewer->find(approved.id)->run == RunState::none);
    REQUIRE(reviewer->find(running.id)->run == RunState::unknown);
    const AuditEvents seen = audit_events(*reviewer);
    REQUIRE(std::count(seen.begin(), seen.end(), AuditEvent::refused) == 1);
    REQUIRE(std::count(seen.begin(), seen.end(), AuditEvent::unknown) == 2);
    REQUIRE(reviewer->sweep() == 0);
    REQUIRE(reviewer->verify_audit().intact());
}
