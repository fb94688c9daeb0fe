// What a killed agent leaves behind, and who ends it.
#include "approvekit/error.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <algorithm>
#include <csignal>

using namespace approvekit;

TEST_CASE("G6 a request of a closed agent ends by itself and a late approval is refused") {
    StorageFixture fixture;
    auto reviewer = fixture.open();
    auto agent = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    agent->submit(request);
    agent.reset();
    REQUIRE(reviewer->find(request.id)->status == ApprovalStatus::cancelled);
    REQUIRE(error_code_of([&] { reviewer->decide(decision_on(request, Verdict::approve)); }) == ErrorCode::cancelled);
}

TEST_CASE("G6 H22 H23 given an agent that was killed, then whoever looks next ends what it left") {
    StorageFixture fixture;
    auto reviewer = fixture.open();
    const ApprovalRequest waiting = held_request(*fixture.clock);
    const ApprovalRequest approved = held_request(*fixture.clock);
    const ApprovalRequest running = held_request(*fixture.clock);
    {
        ForkedChild child([&](const ForkedChild::Report& report) {
            auto agent = fixture.open();
            for (const auto& request : {waiting, approved, running})
                agent->submit(request);
            agent->decide(decision_on(approved, Verdict::approve));
            agent->decide(decision_on(running, Verdict::approve));
            static_cast<void>(agent->claim({running.id, running.view_digest, {}}));
            static_cast<void>(agent->record_intent({"read_file", "{}", "{}", "auto-approved by policy"}));
            report();
            ::raise(SIGKILL);
        });
    }
    REQUIRE(error_code_of([&] { reviewer->decide(decision_on(waiting, Verdict::approve)); }) == ErrorCode::expired);
    reviewer->sweep();
    REQUIRE(reviewer->find(waiting.id)->status == ApprovalStatus::timeout);
    REQUIRE(reviewer->find(approved.id)->run == RunState::none);
    REQUIRE(reviewer->find(running.id)->run == RunState::unknown);
    auto seen = audit_events(*reviewer);
    REQUIRE(std::count(seen.begin(), seen.end(), AuditEvent::refused) == 1);
    REQUIRE(std::count(seen.begin(), seen.end(), AuditEvent::unknown) == 2);
    REQUIRE(reviewer->sweep() == 0);
    REQUIRE(reviewer->verify_audit().intact());
}

TEST_CASE("G6 H22 a storage at work ends what a killed agent left, without being asked") {
    StorageFixture fixture;
    const ApprovalRequest orphan = held_request(*fixture.clock);
    ForkedChild child([&](const ForkedChild::Report& report) {
        auto agent = fixture.open();
        agent->submit(orphan);
        report();
        ForkedChild::linger();
    });
    auto storage = fixture.open();
    const ApprovalRequest own = held_request(*fixture.clock);
    storage->submit(own);
    child.kill();
    child.wait();
    REQUIRE(eventually([&] { return storage->find(orphan.id)->status == ApprovalStatus::timeout; }));
    REQUIRE(storage->find(own.id)->status == ApprovalStatus::pending);
}

TEST_CASE("G5 an approval in time that was swept at the deadline before its agent came is a timeout to the agent") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    fixture.clock->advance(std::chrono::seconds{61});
    fixture.open()->sweep();
    REQUIRE(error_code_of([&] {
                static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
            }) == ErrorCode::timeout);
    REQUIRE(audit_events(*storage) == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}
