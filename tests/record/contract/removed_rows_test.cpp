// Another program removes the row of a request while its call runs: the record still tells the truth about the run.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

CONTRACT_TEST("G13 a run whose row was removed ends as it ended") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    const std::string entry = agent.claim();
    const Row row = agent.engine->row(agent.request.id).value();
    agent.engine->remove(agent.request.id);
    SECTION("a commit with its outcome fails") {
        agent.storage->finish({.entry_id = entry,
                               .request_id = agent.request.id,
                               .tool_name = agent.request.tool_name,
                               .state = RunState::executed,
                               .note = {}});
        agent.engine->while_unwritable([&] { CHECK_THROWS_AS(agent.storage->flush(), StorageError); });
        agent.storage->flush();
    }
    SECTION("none does") {
        agent.finish(entry, RunState::executed);
    }
    SECTION("somebody claims it again, and gives up, meanwhile") {
        CHECK(agent.refused_claim() == ErrorCode::altered);
        CHECK_THROWS_AS(agent.storage->end(agent.request.id, ApprovalStatus::cancelled, "x"), RequestAlteredError);
        agent.finish(entry, RunState::executed);
    }
    CHECK(agent.last_entry().decision == AuditEvent::executed);
    CHECK(agent.last_entry().follows == entry);
    CHECK(agent.is_intact());
    agent.engine->write(agent.request.id, row, Write::insert);
    CHECK(agent.found().run == RunState::executed);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G13 a run whose row was removed and whose agent was killed may have happened") {
    TestType engine;
    const ApprovalRequest request = held_request(*engine.clock);
    engine.in_killed_agent([&](Storage& agent) {
        agent.submit(request);
        agent.decide(decision_on(request, Verdict::approve));
        static_cast<void>(agent.claim({request.id, request.view_digest, {}}));
        engine.remove(request.id);
    });
    const auto reviewer = engine.open();
    reviewer->sweep();
    CHECK(audit_events(*reviewer) == AuditEvents{AuditEvent::approved, AuditEvent::unknown});
    CHECK(reviewer->audit({}).entries.front().tool_name == request.tool_name);
    CHECK(reviewer->verify_audit().intact());
}

CONTRACT_TEST("G13 a run whose row was removed and whose storage closes may have happened") {
    Agent agent(std::make_unique<TestType>());
    agent.approve();
    static_cast<void>(agent.claim());
    agent.engine->remove(agent.request.id);
    agent.storage.reset();
    agent.storage = agent.engine->open();
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::unknown});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G8 a row that is removed after its run has ended is found missing") {
    const Agent agent(std::make_unique<TestType>());
    agent.execute();
    CHECK(agent.is_intact());
    agent.engine->remove(agent.request.id);
    const AuditReport report = agent.storage->verify_audit();
    REQUIRE(report.fault);
    CHECK(report.fault->request_id == agent.request.id);
}

CONTRACT_TEST("G13 a claim of a run that ended and lost its row changes nothing of how it ended") {
    const Agent agent(std::make_unique<TestType>());
    agent.execute();
    const Row row = agent.engine->row(agent.request.id).value();
    agent.engine->remove(agent.request.id);
    CHECK(agent.refused_claim() == ErrorCode::altered);
    agent.engine->write(agent.request.id, row, Write::insert);
    CHECK(agent.found().run == RunState::executed);
    CHECK(agent.is_intact());
}
