#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "sqlite/lease.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/other_program.hpp"
#include "support/storage_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

using namespace approvekit;

TEST_CASE("given a held request, when it is approved and claimed, then the record tells each step") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    REQUIRE(storage->list({}).requests.size() == 1);
    REQUIRE(storage->find(request.id)->ours);

    const ApprovalRequest approved = storage->decide(decision_on(request, Verdict::approve));
    REQUIRE(approved.status == ApprovalStatus::approved);
    REQUIRE(approved.reviewer == "ana");
    REQUIRE(approved.way == "terminal");

    RunOutcome outcome;
    outcome.entry_id = storage->claim({request.id, request.view_digest, {}});
    REQUIRE(storage->find(request.id)->run == RunState::running);
    outcome.request_id = request.id;
    outcome.tool_name = request.tool_name;
    outcome.state = RunState::executed;
    storage->finish(outcome);
    storage->flush();

    REQUIRE(storage->find(request.id)->run == RunState::executed);
    REQUIRE(audit_events(*storage) == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    const AuditReport report = storage->verify_audit();
    REQUIRE(report.intact());
    REQUIRE(report.entries == 2);
}

TEST_CASE("G1 given two decisions, then the second is told who was faster") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::reject));
    try {
        storage->decide(decision_on(request, Verdict::approve));
        FAIL("decided twice");
    } catch (const DecisionError& error) {
        REQUIRE(error.code() == ErrorCode::already_decided);
        REQUIRE(std::string(error.what()).find("rejected by ana (terminal)") != std::string::npos);
    }
    REQUIRE(storage->find(request.id)->status == ApprovalStatus::rejected);
}

TEST_CASE("G1 the same decision sent again by the same reviewer gets the same answer and changes nothing") {
    StorageFixture fixture;
    auto storage = fixture.open();
    for (const Verdict verdict : {Verdict::approve, Verdict::reject}) {
        const ApprovalRequest request = held_request(*fixture.clock);
        storage->submit(request);
        const Decision decision = decision_on(request, verdict);
        const Json taken = to_json_view(storage->decide(decision));
        fixture.clock->advance(std::chrono::minutes(5));
        REQUIRE(to_json_view(storage->decide(decision)) == taken);
        REQUIRE(storage->audit({.request_id = request.id, .limit = 9, .cursor = {}}).entries.size() == 1);

        const auto refused = [&](auto change) {
            Decision other = decision;
            change(other);
            return error_code_of([&] { storage->decide(other); }) == ErrorCode::already_decided;
        };
        REQUIRE(refused([](Decision& other) {
            other.verdict = other.verdict == Verdict::approve ? Verdict::reject : Verdict::approve;
        }));
        REQUIRE(refused([](Decision& other) { other.reviewer = "eve"; }));
        REQUIRE(refused([](Decision& other) { other.notes = "other words"; }));
        REQUIRE(refused([](Decision& other) { other.view_digest = "of something else"; }));
        REQUIRE(refused([](Decision& other) { other.signature = DecisionSignature{"key", "statement", "signature"}; }));
    }
}

TEST_CASE("G1 a decision that another program wrote is nobody's to send again") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    fixture.shell("UPDATE approval_requests SET status = 'approved'");
    Decision decision = decision_on(request, Verdict::approve, "");
    decision.reviewer = "unknown";
    REQUIRE(error_code_of([&] { storage->decide(decision); }) == ErrorCode::already_decided);
}

TEST_CASE("G3 an approval starts one run only") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    REQUIRE_FALSE(storage->claim({request.id, request.view_digest, {}}).empty());
    REQUIRE(error_code_of([&] {
                static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
            }) == ErrorCode::already_decided);
}

TEST_CASE("G5 H21 an approval after the deadline is refused and ends the request") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    fixture.clock->advance(std::chrono::seconds{60});
    REQUIRE(error_code_of([&] { storage->decide(decision_on(request, Verdict::approve)); }) == ErrorCode::expired);
    REQUIRE(storage->find(request.id)->status == ApprovalStatus::timeout);
    REQUIRE(audit_events(*storage) == AuditEvents{AuditEvent::timeout});
}

TEST_CASE("G5 an approval in time is not claimed after the deadline") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    fixture.clock->advance(std::chrono::seconds{61});
    REQUIRE(error_code_of([&] {
                static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
            }) == ErrorCode::timeout);
    REQUIRE(storage->find(request.id)->run == RunState::none);
    REQUIRE(audit_events(*storage) == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("G2 H25 an argument edited with the sqlite3 shell while the call waits is refused and audited") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);

    SECTION("before the decision") {
        fixture.shell("UPDATE approval_requests SET tool_args = '{\"to\":\"eve@example.com\"}'");
        REQUIRE(error_code_of([&] { storage->decide(decision_on(request, Verdict::approve)); }) == ErrorCode::altered);
        REQUIRE(storage->find(request.id)->status == ApprovalStatus::pending);
    }
    SECTION("after the decision") {
        storage->decide(decision_on(request, Verdict::approve));
        fixture.shell("UPDATE approval_requests SET tool_args = '{\"to\":\"eve@example.com\"}'");
        REQUIRE(error_code_of([&] {
                    static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
                }) == ErrorCode::altered);
        REQUIRE(audit_events(*storage).back() == AuditEvent::refused);
    }
    SECTION("together with its digest") {
        storage->decide(decision_on(request, Verdict::approve));
        fixture.shell("UPDATE approval_requests SET tool_args = '{\"to\":\"eve@example.com\"}'");
        fixture.shell("UPDATE approvekit_requests SET view_digest = 'ab'");
        REQUIRE(error_code_of([&] {
                    static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
                }) == ErrorCode::altered);
    }
    SECTION("the whole row removed") {
        fixture.shell("DELETE FROM approval_requests");
        REQUIRE(error_code_of([&] {
                    static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
                }) == ErrorCode::altered);
    }
}

TEST_CASE("H26 an approval written with the sqlite3 shell counts as the decision of an unknown reviewer") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    fixture.shell(
        "INSERT OR REPLACE INTO approval_requests(id, tool_name, tool_args, status, created_at, reviewed_at, "
        "reviewer_notes, metadata) SELECT id, tool_name, tool_args, 'approved', created_at, created_at, 'by hand', "
        "metadata FROM approval_requests");
    REQUIRE_FALSE(storage->claim({request.id, request.view_digest, {}}).empty());
    const auto decision = storage->find_decision(request.id);
    REQUIRE(decision);
    REQUIRE(decision->reviewer == "unknown");
    REQUIRE(decision->way == "database");
    REQUIRE(storage->audit({}).entries.front().reviewer == "unknown");
    REQUIRE(storage->verify_audit().intact());
}

TEST_CASE("an agent whose session's slot is held by another takes the next one") {
    StorageFixture fixture;
    auto storage = fixture.open();
    const sqlite::Lease held(fixture.path, 1, fixture.clock->now());
    storage->submit(held_request(*fixture.clock));
    REQUIRE(fixture.ask("SELECT max(number) FROM approvekit_sessions") == "2");
}

TEST_CASE("H29 a handle used after fork is refused with a clear error") {
    StorageFixture fixture;
    auto storage = fixture.open();
    ForkedChild child([&](const ForkedChild::Report& report) {
        report();
        try {
            static_cast<void>(storage->list({}));
        } catch (const StorageError& error) {
            storage.reset();
            if (error.code() == ErrorCode::storage_forked) ::_exit(42);
        }
    });
    REQUIRE(child.wait() == 42);
    REQUIRE(storage->list({}).requests.empty());
}

TEST_CASE("H31 an audit row changed, removed or reordered is named by verify") {
    StorageFixture fixture;
    auto storage = fixture.open();
    for (int i = 0; i < 5; ++i)
        static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
    REQUIRE(storage->verify_audit().intact());
    const std::string third = fixture.ask("SELECT entry_id FROM approvekit_audit WHERE seq = 3");

    SECTION("changed") {
        fixture.shell("UPDATE audit_log SET tool_name = 'other' WHERE id = '" + third + "'");
    }
    SECTION("decision changed") {
        fixture.shell("UPDATE audit_log SET decision = 'rejected' WHERE id = '" + third + "'");
    }
    SECTION("removed") {
        fixture.shell("DELETE FROM audit_log WHERE id = '" + third + "'");
    }
    SECTION("reordered") {
        fixture.shell(
            "UPDATE approvekit_audit SET seq = 99 WHERE seq = 4; UPDATE approvekit_audit SET seq = 4 WHERE "
            "seq = 3; UPDATE approvekit_audit SET seq = 3 WHERE seq = 99");
    }
    const AuditReport report = storage->verify_audit();
    REQUIRE_FALSE(report.intact());
    REQUIRE(report.fault->sequence == 3);
    REQUIRE(report.entries == 2);
}

TEST_CASE("an audit row that another program adds is shown and is marked as not ours") {
    StorageFixture fixture;
    auto storage = fixture.open();
    static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
    fixture.shell(
        "INSERT INTO audit_log(id, request_id, tool_name, tool_args, decision, timestamp, metadata) VALUES ('x', "
        "'auto', "
        "'t', '{}', 'approved', '2026-01-01T00:00:00.000000', '{}')");
    static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
    const AuditReport report = storage->verify_audit();
    REQUIRE(report.intact());
    REQUIRE(report.entries == 2);
    REQUIRE(report.foreign_entries == 1);
    const AuditPage page = storage->audit({});
    REQUIRE(page.entries.size() == 3);
    REQUIRE_FALSE(page.entries[1].ours());
}

TEST_CASE("G4 H32 a locked database makes every write a typed error") {
    StorageFixture fixture;
    SqliteStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds{30};
    SqliteStorage storage(fixture.path, options);
    SQLite::Database blocker = as_other_program(fixture.path);
    blocker.exec("BEGIN EXCLUSIVE");
    REQUIRE(error_code_of([&] {
                static_cast<void>(storage.record_intent({"t", "{}", "{}", ""}));
            }) == ErrorCode::storage_busy);
    REQUIRE(error_code_of([&] { storage.submit(held_request(SystemClock())); }) == ErrorCode::storage_busy);
    blocker.exec("COMMIT");
    REQUIRE_FALSE(storage.record_intent({"t", "{}", "{}", ""}).empty());
}

TEST_CASE("given many threads, when each records intents, then each has its entry and the chain holds") {
    StorageFixture fixture;
    auto storage = fixture.open();
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

TEST_CASE("G13 given an outcome that another thread is writing, when it is flushed, then it is durable all the same") {
    StorageFixture fixture;
    auto storage = fixture.open();
    constexpr std::size_t runs = 600;
    std::jthread other([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            storage->flush();
    });
    for (std::size_t run = 1; run <= runs; ++run) {
        RunOutcome outcome;
        outcome.entry_id = storage->record_intent({"t", "{}", "{}", "auto"});
        outcome.request_id = "auto";
        outcome.tool_name = "t";
        outcome.state = RunState::executed;
        storage->finish(outcome);
        // From round to round the other thread gets a little further before this one comes.
        const auto start = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - start < std::chrono::microseconds(run % 30)) {
        }
        storage->flush();
        REQUIRE(fixture.ask("SELECT count(*) FROM approvekit_audit") == std::to_string(2 * run));
    }
}

namespace {

class Collector final : public ChangeListener {
public:
    void on_change(const Change& change) noexcept override {
        const std::lock_guard lock(mutex_);
        changes_.push_back(change);
    }
    void on_watch_failed(const std::string&) noexcept override {}

    bool saw(const std::string& id, ApprovalStatus status) {
        const std::lock_guard lock(mutex_);
        return std::any_of(changes_.begin(), changes_.end(),
                           [&](const Change& change) { return change.request_id == id && change.status == status; });
    }

private:
    std::mutex mutex_;
    std::vector<Change> changes_;
};

}  // namespace

TEST_CASE("given a subscription, then changes of other storages and of the sqlite3 shell are told") {
    StorageFixture fixture;
    auto mine = fixture.open();
    auto other = fixture.open();
    auto collector = std::make_shared<Collector>();
    const auto subscription = mine->subscribe(collector);
    REQUIRE(eventually([&] { return collector->saw("", ApprovalStatus::pending); }));
    const ApprovalRequest request = held_request(*fixture.clock);
    other->submit(request);
    REQUIRE(eventually([&] { return collector->saw(request.id, ApprovalStatus::pending); }));
    fixture.shell("UPDATE approval_requests SET status = 'rejected'");
    REQUIRE(eventually([&] { return collector->saw(request.id, ApprovalStatus::rejected); }));
    fixture.shell(
        "INSERT INTO audit_log(id, request_id, tool_name, tool_args, decision, timestamp) VALUES ('x', 'theirs', 't', "
        "'{}', 'approved', '2026-01-01T00:00:00.000000')");
    REQUIRE(eventually([&] { return collector->saw("theirs", ApprovalStatus::approved); }));
}
