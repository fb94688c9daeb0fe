// Verifying covers everything that a view shows of the record: each change that somebody could make to it is found.
#include "approvekit/error.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/reviewer.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace approvekit;

namespace {

/// A record with a call of each kind in it: executed, failed, rejected, timed out, cancelled, refused, allowed, denied.
struct FullRecord : StorageFixture {
    std::string executed;
    std::string rejected;
    std::string late;

    FullRecord() {
        const auto agent = open();
        executed = run(*agent, RunState::executed, "").id;
        run(*agent, RunState::failed, "no route to host");
        rejected = decided(*agent, Verdict::reject).id;
        agent->end(submitted(*agent).id, ApprovalStatus::cancelled, "the caller gave up waiting");
        static_cast<void>(agent->record_intent({"read_file", "{}", "{}", "auto-approved by policy"}));
        agent->record_denial({"rm", "{}", "{}", "denied by policy"});
        late = submitted(*agent).id;
        decided(*agent, Verdict::approve);
        clock->advance(std::chrono::minutes(2));
        agent->sweep();
        submitted(*agent);
    }

    ApprovalRequest submitted(SqliteStorage& agent) const {
        const ApprovalRequest request = held_request(*clock);
        agent.submit(request);
        clock->advance(std::chrono::seconds(1));
        return request;
    }

    ApprovalRequest decided(SqliteStorage& agent, Verdict verdict) const {
        const ApprovalRequest request = submitted(agent);
        agent.decide(decision_on(request, verdict, "as agreed"));
        clock->advance(std::chrono::seconds(1));
        return request;
    }

    ApprovalRequest run(SqliteStorage& agent, RunState state, const std::string& note) const {
        const ApprovalRequest request = decided(agent, Verdict::approve);
        RunOutcome outcome;
        outcome.entry_id = agent.claim({request.id, request.view_digest, {}});
        outcome.request_id = request.id;
        outcome.tool_name = request.tool_name;
        outcome.state = state;
        outcome.note = note;
        clock->advance(std::chrono::seconds(1));
        agent.finish(outcome);
        agent.flush();
        return request;
    }

    /// The report of verifying a copy after somebody ran `sql` on it.
    [[nodiscard]] AuditReport after(const std::string& sql) const {
        StorageFixture copy;
        copy.clock = clock;
        for (const char* const suffix : {"", "-wal"}) {
            const std::filesystem::path part = path.string() + suffix;
            if (std::filesystem::exists(part)) std::filesystem::copy_file(part, copy.path.string() + suffix);
        }
        copy.shell(sql);
        return copy.open()->verify_audit();
    }
};

/// Like: UPDATE table SET column = another value WHERE ...
struct Edit {
    const char* sql;
    const char* told;  ///< a part of what is said about it
};

void check_found(const FullRecord& record, const std::vector<Edit>& edits) {
    REQUIRE(record.after("SELECT 1").intact());
    for (const Edit& edit : edits) {
        CAPTURE(edit.sql);
        const AuditReport report = record.after(edit.sql);
        CHECK_FALSE(report.intact());
        if (report.fault) CHECK_THAT(report.fault->what, Catch::Matchers::ContainsSubstring(edit.told));
    }
}

}  // namespace

TEST_CASE("H62 an entry that stands where no entry can is found") {
    const FullRecord record;
    const std::string forged =
        "INSERT INTO approvekit_audit(seq, entry_id, request_id, event, tool_name, tool_args, timestamp, metadata, "
        "reviewer, way, is_signed, hash) SELECT ";
    const std::string rest =
        ", 'forged', request_id, 'executed', 'wire_transfer', '{}', '2026-01-01T00:00:00.000000', '{}', 'ada', 'web', "
        "1, hash FROM approvekit_audit WHERE seq = 1";
    for (const char* const place : {"-1", "0", "-9223372036854775808", "100"}) {
        CAPTURE(place);
        const AuditReport report = record.after(forged + place + rest);
        REQUIRE(report.fault);
        CHECK(report.fault->sequence == std::stoll(place));
    }
}

TEST_CASE("H62 an entry without a hash is another program's, and may say no more than one could") {
    const FullRecord record;
    check_found(
        record,
        {
            {"INSERT INTO approvekit_audit(seq, entry_id, request_id, event) VALUES (-1, 'x', 'auto', 'executed')",
             "before"},
            {"INSERT INTO approvekit_audit(seq, entry_id, request_id, event) VALUES (99, 'x', 'auto', 'executed')",
             "missing"},
            {"INSERT INTO approvekit_audit(entry_id, request_id, event, reviewer) VALUES ('x', 'auto', 'approved', "
             "'ada')",
             "another program"},
            {"INSERT INTO approvekit_audit(entry_id, request_id, event, way) VALUES ('x', 'auto', 'approved', 'web')",
             "another program"},
            {"INSERT INTO approvekit_audit(entry_id, request_id, event, is_signed) VALUES ('x', 'auto', 'approved', 1)",
             "another program"},
            {"INSERT INTO approvekit_audit(entry_id, request_id, event, tool_name) VALUES ('x', 'auto', 'executed', "
             "'t')",
             "another program"},
            {"INSERT INTO approvekit_audit(entry_id, request_id, event, view) VALUES ('x', 'auto', 'executed', 't')",
             "another program"},
        });
    // As the Python package writes it.
    const AuditReport foreign = record.after(
        "INSERT INTO audit_log(id, request_id, tool_name, tool_args, decision, timestamp, metadata) VALUES ('x', "
        "'auto', 't', '{}', 'approved', '2026-01-01T00:00:00', '{}')");
    CHECK(foreign.intact());
    CHECK(foreign.foreign_entries == 1);
}

TEST_CASE("H62 what hides in a column of an entry is found") {
    const FullRecord record;
    check_found(record, {
                            {"UPDATE approvekit_audit SET tool_name = 'shadow' WHERE seq = 1", "shadow"},
                            {"UPDATE approvekit_audit SET tool_args = '{}' WHERE seq = 1", "shadow"},
                            {"UPDATE approvekit_audit SET timestamp = 'x' WHERE seq = 1", "shadow"},
                            {"UPDATE approvekit_audit SET notes = 'x' WHERE seq = 1", "shadow"},
                            {"UPDATE approvekit_audit SET metadata = '{}' WHERE seq = 1", "shadow"},
                            {"UPDATE approvekit_audit SET reviewer = CAST(reviewer AS BLOB) WHERE seq = 1", "reviewer"},
                            {"UPDATE approvekit_audit SET entry_id = CAST(entry_id AS BLOB) WHERE seq = 2", "entry_id"},
                            {"UPDATE approvekit_audit SET hash = CAST(hash AS TEXT) WHERE seq = 1", "hash"},
                            {"UPDATE approvekit_audit SET is_signed = 2 WHERE seq = 1", "is_signed"},
                            {"UPDATE approvekit_audit SET is_signed = 'no' WHERE seq = 1", "is_signed"},
                            {"UPDATE audit_log SET tool_args = CAST(tool_args AS BLOB)", "tool_args"},
                            {"UPDATE audit_log SET reviewer_notes = CAST(reviewer_notes AS BLOB)", "notes"},
                        });
}

TEST_CASE("H62 a decision that says other than its entry is found") {
    const FullRecord record;
    const std::string at = " WHERE number = 1";
    for (const char* const change :
         {"reviewer = 'eve'", "way = 'web'", "notes = 'do it'", "verdict = 'reject'", "decided_at = '2030'",
          "entry_id = 'x'", "request_id = 'x'", "view_digest = 'x'", "key_id = 'x'", "statement = 'x'",
          "signature = 'x'", "signature = 'x', statement = 'x', key_id = 'x'", "reviewer = CAST(reviewer AS BLOB)"}) {
        CAPTURE(change);
        CHECK_FALSE(record.after("UPDATE approvekit_decisions SET " + std::string(change) + at).intact());
    }
    CHECK_FALSE(record.after("DELETE FROM approvekit_decisions" + at).intact());
    CHECK_FALSE(record
                    .after("INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
                           "view_digest, entry_id) SELECT request_id, verdict, 'eve', way, notes, decided_at, "
                           "view_digest, entry_id FROM approvekit_decisions" +
                           at)
                    .intact());
}

TEST_CASE("H62 a request that no longer fits what the entries tell of it is found") {
    const FullRecord record;
    const std::string at = " WHERE id = '" + record.executed + "'";
    for (const char* const change :
         {"status = 'rejected'", "status = 'pending'", "tool_name = 'noop'", "tool_args = '{}'", "metadata = '{}'",
          "created_at = '2020-01-01T00:00:00.000000'", "reviewed_at = '2020-01-01T00:00:00.000000'",
          "reviewed_at = NULL", "reviewer_notes = 'do it'", "reviewer_notes = NULL",
          "tool_name = CAST(tool_name AS BLOB)", "id = 'x'"}) {
        CAPTURE(change);
        const AuditReport report = record.after("UPDATE approval_requests SET " + std::string(change) + at);
        REQUIRE(report.fault);
        CHECK_FALSE(report.fault->request_id.empty());
    }
    CHECK_FALSE(record.after("DELETE FROM approval_requests" + at).intact());
    CHECK_FALSE(
        record.after("UPDATE approval_requests SET status = 'approved' WHERE id = '" + record.late + "'").intact());
    CHECK_FALSE(record.after("UPDATE approval_requests SET reviewer_notes = 'x' WHERE id = '" + record.rejected + "'")
                    .intact());
}

TEST_CASE("H62 what a request that waits shows of an answer that nobody gave is found") {
    const FullRecord record;
    const auto agent = record.open();
    const std::string waiting = record.submitted(*agent).id;
    const auto after = [&](const std::string& change) {
        return record.after("UPDATE approval_requests SET " + change + " WHERE id = '" + waiting + "'");
    };
    for (const char* const change :
         {"reviewer_notes = 'looks right'", "reviewer_notes = ''", "reviewed_at = '2020-01-01T00:00:00.000000'",
          "reviewer_notes = 'looks right', reviewed_at = '2020-01-01T00:00:00.000000'"}) {
        CAPTURE(change);
        const AuditReport report = after(change);
        REQUIRE(report.fault);
        CHECK(report.fault->request_id == waiting);
    }
    CHECK(after("tool_name = tool_name").intact());
    // A decision of another program that no entry tells of yet.
    CHECK(after("status = 'approved', reviewer_notes = 'yes', reviewed_at = '2026-01-01T00:00:00.000000'").intact());
}

TEST_CASE("H62 what is kept beside a request and no longer fits is found") {
    const FullRecord record;
    const std::string at = " WHERE request_id = '" + record.executed + "'";
    for (const char* const change :
         {"agent = 'x'",
          "nonce = 'x'",
          "action_digest = 'x'",
          "view_digest = 'x'",
          "policy_digest = 'x'",
          "redactions = '[{\"path\":\"to\",\"type\":\"string\",\"length\":\"1-8\",\"fingerprint\":\"ab\"}]'",
          "deadline = '2030-01-01T00:00:00.000000'",
          "is_open = 1",
          "run = 'failed'",
          "run = 'none'",
          "run = 'x'",
          "run_note = 'x'",
          "started_at = NULL",
          "started_at = '2020-01-01T00:00:00.000000'",
          "finished_at = NULL",
          "finished_at = '2020-01-01T00:00:00.000000'",
          "session = 99",
          "run_note = CAST('' AS BLOB)",
          "tool_args = '{}'",
          "tool_name = 'x'",
          "metadata = '{\"a\":1}'",
          "created_at = 'x'"}) {
        CAPTURE(change);
        CHECK_FALSE(record.after("UPDATE approvekit_requests SET " + std::string(change) + at).intact());
    }
    CHECK_FALSE(record.after("DELETE FROM approvekit_requests" + at).intact());
    const std::string of_rejected = " WHERE request_id = '" + record.rejected + "'";
    CHECK_FALSE(record.after("UPDATE approvekit_requests SET run = 'executed'" + of_rejected).intact());
    CHECK_FALSE(record.after("UPDATE approvekit_requests SET run_note = 'x'" + of_rejected).intact());
    CHECK_FALSE(record
                    .after("UPDATE approvekit_requests SET run_note = ''"
                           " WHERE request_id = '" +
                           record.late + "'")
                    .intact());
}

TEST_CASE("H62 a session that no longer fits its entries is found") {
    const FullRecord record;
    CHECK_FALSE(record.after("DELETE FROM approvekit_sessions").intact());
    CHECK_FALSE(record.after("UPDATE approvekit_sessions SET number = 7").intact());
    CHECK_FALSE(record.after("UPDATE approvekit_sessions SET first_entry = 1000").intact());
    CHECK_FALSE(record.after("UPDATE approvekit_sessions SET started_at = x'00'").intact());
}

TEST_CASE("H62 what a start took of a limit is told by the entry that approved it, whatever is kept beside that") {
    StorageFixture record;
    const auto agent = record.open();
    LimitUse use;
    use.limit = "payments";
    use.amount = use.most = 1;
    use.per = std::chrono::hours(1);
    ApprovalRequest request = held_request(*record.clock);
    request.metadata["limit"] = to_json_view(use, false);
    request.view_digest = view_digest(request);
    agent->submit(request);
    agent->decide(decision_on(request, Verdict::approve));
    const std::string entry_id = agent->claim({request.id, request.view_digest, {}, &request, false, "test", {}, &use});
    record.shell("DELETE FROM approval_requests");
    agent->finish({entry_id, request.id, request.tool_name, RunState::executed, ""});
    agent->flush();
    REQUIRE(agent->verify_audit().intact());
    record.shell("DELETE FROM approvekit_uses");
    record.shell("UPDATE approvekit_requests SET metadata = '{}'");
    REQUIRE_FALSE(agent->verify_audit().intact());
    CHECK(agent->verify_audit().fault->request_id == request.id);
}
