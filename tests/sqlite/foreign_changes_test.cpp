// What another program does to the row of a request, and what the record makes of it.
#include "approvekit/error.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <memory>
#include <string>

using namespace approvekit;

namespace {

using Events = AuditEvents;

/// An agent's storage with a request that waits, and somebody else at the same file.
struct SharedRecord : StorageFixture {
    std::unique_ptr<SqliteStorage> storage = open();
    ApprovalRequest request = submitted();

    [[nodiscard]] ApprovalRequest submitted() const {
        const ApprovalRequest held = held_request(*clock);
        storage->submit(held);
        return held;
    }

    void approve() const { storage->decide(decision_on(request, Verdict::approve)); }
    /// What another reviewer is told who comes after all of it.
    [[nodiscard]] ErrorCode late_approval() const {
        Decision late = decision_on(request, Verdict::approve);
        late.reviewer = "bob";
        return error_code_of([&] { storage->decide(late); });
    }
    [[nodiscard]] std::string claim() const { return storage->claim({request.id, request.view_digest, {}}); }

    void execute() const {
        approve();
        RunOutcome outcome;
        outcome.entry_id = claim();
        outcome.request_id = request.id;
        outcome.tool_name = request.tool_name;
        outcome.state = RunState::executed;
        storage->finish(outcome);
        storage->flush();
    }

    [[nodiscard]] ApprovalRequest found() const { return *storage->find(request.id); }
    [[nodiscard]] Json shown() const { return to_json_view(found()); }
    [[nodiscard]] Events events() const { return audit_events(*storage); }
    [[nodiscard]] std::size_t pending() const { return storage->list({}).requests.size(); }

    [[nodiscard]] AuditEntry last_entry() const {
        storage->flush();
        return storage->audit({}).entries.front();
    }

    /// The row as it stood at first, with the same id.
    void insert_anew() const {
        shell(
            "CREATE TEMP TABLE kept AS SELECT * FROM approval_requests; DELETE FROM approval_requests; UPDATE kept "
            "SET status = 'pending', reviewed_at = NULL, reviewer_notes = NULL; INSERT INTO approval_requests SELECT "
            "* FROM kept");
    }
};

}  // namespace

TEST_CASE("H64 a row that is set back to pending after the call ran gets its state again") {
    const bool by_update = GENERATE(true, false);
    CAPTURE(by_update);
    const SharedRecord record;
    record.execute();
    if (by_update) {
        record.shell("UPDATE approval_requests SET status = 'pending', reviewed_at = NULL, reviewer_notes = NULL");
    } else {
        record.insert_anew();
    }
    const Events told{AuditEvent::approved, AuditEvent::executed, AuditEvent::refused};
    SECTION("when somebody sweeps") {
        CHECK(record.storage->sweep() == 0);
    }
    SECTION("when somebody approves it late, which is told who was faster") {
        record.clock->advance(std::chrono::minutes(5));
        CHECK(record.late_approval() == ErrorCode::already_decided);
    }
    SECTION("when its agent ends it") {
        CHECK(record.storage->end(record.request.id, ApprovalStatus::timeout, "x").status == ApprovalStatus::approved);
    }
    record.storage->sweep();
    CHECK(record.pending() == 0);
    CHECK(record.found().status == ApprovalStatus::approved);
    CHECK(record.found().reviewer == "ana");
    CHECK(record.found().reviewer_notes == "fine");
    CHECK(record.found().reviewed_at.has_value());
    CHECK(record.found().run == RunState::executed);
    CHECK(record.events() == told);
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("H64 an approval that was set back before its call started starts nothing") {
    const SharedRecord record;
    record.approve();
    record.shell("UPDATE approval_requests SET status = 'pending'");
    SECTION("when its agent comes first") {
        const auto code = error_code_of([&] { static_cast<void>(record.claim()); });
        // The storage sweeps by itself once a second, and may have been faster.
        CHECK((code == ErrorCode::altered || code == ErrorCode::already_decided));
    }
    SECTION("when somebody sweeps first") {
        record.storage->sweep();
    }
    SECTION("when somebody approves it again first") {
        CHECK(record.late_approval() == ErrorCode::already_decided);
    }
    CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::already_decided);
    CHECK(record.pending() == 0);
    CHECK(record.found().status == ApprovalStatus::approved);
    CHECK(record.found().run == RunState::none);
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("H64 a final state does not become another one") {
    const std::string state = GENERATE("rejected", "timeout", "cancelled", "APPROVED");
    CAPTURE(state);
    const SharedRecord record;
    record.execute();
    record.shell("UPDATE approval_requests SET status = '" + state + "'");
    CHECK(record.late_approval() == ErrorCode::already_decided);
    CHECK(record.found().status == ApprovalStatus::approved);
    CHECK(record.events() == Events{AuditEvent::approved, AuditEvent::executed, AuditEvent::refused});
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("H64 a row that was gone when its agent looked, and came back, waits for nobody") {
    const SharedRecord record;
    record.shell("CREATE TABLE kept AS SELECT * FROM approval_requests; DELETE FROM approval_requests");
    CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
    record.shell("INSERT INTO approval_requests SELECT * FROM kept; DROP TABLE kept");
    SECTION("when somebody sweeps") {
        record.storage->sweep();
    }
    SECTION("when somebody approves it") {
        CHECK(record.late_approval() == ErrorCode::cancelled);
    }
    CHECK(record.pending() == 0);
    CHECK(record.events() == Events{AuditEvent::refused, AuditEvent::cancelled});
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("H64 a row whose id was changed starts nothing, and its request has an end") {
    const SharedRecord record;
    record.approve();
    record.shell("UPDATE approval_requests SET id = 'changed'");
    CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
    CHECK(record.events() == Events{AuditEvent::approved, AuditEvent::refused});
    CHECK_FALSE(record.storage->find("changed")->ours);
    CHECK_FALSE(record.storage->find(record.request.id));
}

TEST_CASE("H64 a claim of what nobody has answered ends it, so that a later approval is told so") {
    const SharedRecord record;
    CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
    CHECK(record.events() == Events{AuditEvent::cancelled});
    CHECK(record.found().status == ApprovalStatus::cancelled);
    CHECK(record.late_approval() == ErrorCode::cancelled);
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("H64 a second claim is refused, and the record says so") {
    const SharedRecord record;
    record.approve();
    static_cast<void>(record.claim());
    CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::already_decided);
    CHECK(record.events() == Events{AuditEvent::approved, AuditEvent::refused});
    CHECK(record.found().run == RunState::running);
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("H65 what the agent submitted is on record beside what somebody made of it") {
    const SharedRecord record;
    const auto edit = [&](const std::string& change) { record.shell("UPDATE approval_requests SET " + change); };
    SECTION("arguments that were edited before the approval, and who approves is told") {
        edit("tool_args = '{\"to\":\"eve@example.com\"}'");
        CHECK(record.late_approval() == ErrorCode::altered);
        CHECK(record.shown().at("tool_args").at("to") == "eve@example.com");
        CHECK(record.shown().at("submitted").at("tool_args") == record.request.tool_args);
        record.storage->end(record.request.id, ApprovalStatus::cancelled, "enough");
    }
    SECTION("arguments that were edited after the approval") {
        record.approve();
        edit("tool_args = '{\"to\":\"eve@example.com\"}'");
        CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
    }
    SECTION("the name of the tool") {
        record.approve();
        edit("tool_name = 'noop'");
        CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
        CHECK(record.shown().at("submitted").at("tool_name") == "send_email");
    }
    SECTION("an agent that dies") {
        record.approve();
        edit("tool_args = '{\"to\":\"eve@example.com\"}', metadata = '{}'");
        record.clock->advance(std::chrono::minutes(5));
        record.open()->sweep();
    }
    SECTION("a row that is gone") {
        record.approve();
        record.shell("DELETE FROM approval_requests");
        CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
    }
    const AuditEntry entry = record.last_entry();
    CHECK(entry.tool_name == "send_email");
    CHECK(entry.tool_args == record.request.tool_args);
    CHECK(entry.metadata == record.request.metadata);
}

TEST_CASE("H65 the record of a refusal tells what the agent holds, whatever was written beside the row") {
    const SharedRecord record;
    record.approve();
    record.shell("UPDATE approval_requests SET tool_args = '{}'; UPDATE approvekit_requests SET view_digest = 'ab'");
    CHECK(error_code_of([&] { static_cast<void>(record.claim()); }) == ErrorCode::altered);
    CHECK(record.last_entry().tool_args == record.request.tool_args);
}

TEST_CASE("H65 a row that says the same in other words is the one that was submitted") {
    const SharedRecord record;
    record.shell("UPDATE approval_requests SET tool_args = replace(tool_args, ':', ' : ')");
    CHECK(record.shown().at("submitted").is_null());
    record.approve();
    CHECK_FALSE(record.claim().empty());
}

TEST_CASE(
    "G4 G9 a decision that another program wrote without an entry is nobody's, and on record before anything runs") {
    const SharedRecord record;
    record.shell(
        "INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, "
        "entry_id) "
        "SELECT request_id, 'approve', 'ada', 'terminal', '', '2026-01-02T03:04:05.000000', view_digest, 'none' FROM "
        "approvekit_requests; UPDATE approval_requests SET status = 'approved'");
    const std::string entry = record.claim();
    CHECK(record.events() == Events{AuditEvent::approved});
    const AuditEntry approval = record.last_entry();
    CHECK(approval.id == entry);
    CHECK(approval.reviewer == "unknown");
    CHECK(approval.way == "database");
    CHECK(record.found().reviewer == "unknown");
}
