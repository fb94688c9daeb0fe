#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "catch.hpp"
#include "eventually.hpp"
#include "forked_child.hpp"
#include "held_request.hpp"
#include "manual_clock.hpp"
#include "sqlite/lease.hpp"
#include "temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

using namespace approvekit;
using approvekit::testing::ManualClock;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "approve.db";
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();

    std::unique_ptr<SqliteStorage> open() {
        SqliteStorage::Options options;
        options.clock = clock;
        options.poll_interval = std::chrono::milliseconds{20};
        return std::make_unique<SqliteStorage>(path, options);
    }

    /// What the sqlite3 shell would do.
    void shell(const std::string& sql) { SQLite::Database(path.string(), SQLite::OPEN_READWRITE, 5000).exec(sql); }

    std::string ask(const std::string& sql) {
        return SQLite::Database(path.string(), SQLite::OPEN_READWRITE, 5000).execAndGet(sql).getString();
    }
};

ErrorCode code_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.code();
    }
    FAIL("nothing was thrown");
    return ErrorCode::server;
}

std::vector<AuditEvent> events(Storage& storage) {
    AuditQuery query;
    query.oldest_first = true;
    query.limit = 200;
    std::vector<AuditEvent> events;
    for (const AuditEntry& entry : storage.audit(query).entries)
        events.push_back(entry.decision);
    return events;
}

}  // namespace

TEST_CASE("given a held request, when it is approved and claimed, then the record tells each step") {
    Fixture fixture;
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
    REQUIRE(events(*storage) == std::vector{AuditEvent::approved, AuditEvent::executed});
    const AuditReport report = storage->verify_audit();
    REQUIRE(report.intact());
    REQUIRE(report.entries == 2);
}

TEST_CASE("G1 given two decisions, then the second is told who was faster") {
    Fixture fixture;
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

TEST_CASE("G3 an approval starts one run only") {
    Fixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    REQUIRE_FALSE(storage->claim({request.id, request.view_digest, {}}).empty());
    REQUIRE(code_of([&] {
                static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
            }) == ErrorCode::already_decided);
}

TEST_CASE("G5 H21 an approval after the deadline is refused and ends the request") {
    Fixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    fixture.clock->advance(std::chrono::seconds{60});
    REQUIRE(code_of([&] { storage->decide(decision_on(request, Verdict::approve)); }) == ErrorCode::expired);
    REQUIRE(storage->find(request.id)->status == ApprovalStatus::timeout);
    REQUIRE(events(*storage) == std::vector{AuditEvent::timeout});
}

TEST_CASE("G5 an approval in time is not claimed after the deadline") {
    Fixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    fixture.clock->advance(std::chrono::seconds{61});
    REQUIRE(code_of([&] {
                static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
            }) == ErrorCode::timeout);
    REQUIRE(storage->find(request.id)->run == RunState::none);
    REQUIRE(events(*storage) == std::vector{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("G2 H25 an argument edited with the sqlite3 shell while the call waits is refused and audited") {
    Fixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);

    SECTION("before the decision") {
        fixture.shell("UPDATE approval_requests SET tool_args = '{\"to\":\"eve@example.com\"}'");
        REQUIRE(code_of([&] { storage->decide(decision_on(request, Verdict::approve)); }) == ErrorCode::altered);
        REQUIRE(storage->find(request.id)->status == ApprovalStatus::pending);
    }
    SECTION("after the decision") {
        storage->decide(decision_on(request, Verdict::approve));
        fixture.shell("UPDATE approval_requests SET tool_args = '{\"to\":\"eve@example.com\"}'");
        REQUIRE(code_of([&] {
                    static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
                }) == ErrorCode::altered);
        REQUIRE(events(*storage).back() == AuditEvent::refused);
    }
    SECTION("together with its digest") {
        storage->decide(decision_on(request, Verdict::approve));
        fixture.shell("UPDATE approval_requests SET tool_args = '{\"to\":\"eve@example.com\"}'");
        fixture.shell("UPDATE approvekit_requests SET view_digest = 'ab'");
        REQUIRE(code_of([&] {
                    static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
                }) == ErrorCode::altered);
    }
    SECTION("the whole row removed") {
        fixture.shell("DELETE FROM approval_requests");
        REQUIRE(code_of([&] {
                    static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
                }) == ErrorCode::altered);
    }
}

TEST_CASE("H26 an approval written with the sqlite3 shell counts as the decision of an unknown reviewer") {
    Fixture fixture;
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

TEST_CASE("G6 a request of a closed agent ends by itself and a late approval is refused") {
    Fixture fixture;
    auto reviewer = fixture.open();
    auto agent = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    agent->submit(request);
    agent.reset();
    REQUIRE(reviewer->find(request.id)->status == ApprovalStatus::cancelled);
    REQUIRE(code_of([&] { reviewer->decide(decision_on(request, Verdict::approve)); }) == ErrorCode::expired);
}

TEST_CASE("G6 H22 H23 given an agent that was killed, then whoever looks next ends what it left") {
    Fixture fixture;
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
    REQUIRE(code_of([&] { reviewer->decide(decision_on(waiting, Verdict::approve)); }) == ErrorCode::expired);
    reviewer->sweep();
    REQUIRE(reviewer->find(waiting.id)->status == ApprovalStatus::timeout);
    REQUIRE(reviewer->find(approved.id)->run == RunState::none);
    REQUIRE(reviewer->find(running.id)->run == RunState::unknown);
    auto seen = events(*reviewer);
    REQUIRE(std::count(seen.begin(), seen.end(), AuditEvent::refused) == 1);
    REQUIRE(std::count(seen.begin(), seen.end(), AuditEvent::unknown) == 2);
    REQUIRE(reviewer->sweep() == 0);
    REQUIRE(reviewer->verify_audit().intact());
}

TEST_CASE("G6 H22 a storage at work ends what a killed agent left, without being asked") {
    Fixture fixture;
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
    Fixture fixture;
    auto storage = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    fixture.clock->advance(std::chrono::seconds{61});
    fixture.open()->sweep();
    REQUIRE(code_of([&] {
                static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
            }) == ErrorCode::timeout);
    REQUIRE(events(*storage) == std::vector{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("an agent whose session's slot is held by another takes the next one") {
    Fixture fixture;
    auto storage = fixture.open();
    const sqlite::Lease held(fixture.path, 1, fixture.clock->now());
    storage->submit(held_request(*fixture.clock));
    REQUIRE(fixture.ask("SELECT max(number) FROM approvekit_sessions") == "2");
}

TEST_CASE("H29 a handle used after fork is refused with a clear error") {
    Fixture fixture;
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
    Fixture fixture;
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
    Fixture fixture;
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

TEST_CASE("a database of the Python package is adopted with its rows") {
    Fixture fixture;
    {
        SQLite::Database database(fixture.path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE IF NOT EXISTS approval_requests (\n id TEXT PRIMARY KEY,\n tool_name TEXT NOT NULL, "
            "tool_args "
            "TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', created_at TEXT NOT NULL, reviewed_at TEXT, "
            "reviewer_notes TEXT, metadata TEXT NOT NULL DEFAULT '{}')");
        database.exec(
            "CREATE TABLE IF NOT EXISTS audit_log (id TEXT PRIMARY KEY, request_id TEXT NOT NULL, tool_name TEXT NOT "
            "NULL, tool_args TEXT NOT NULL, decision TEXT NOT NULL, timestamp TEXT NOT NULL, reviewer_notes TEXT, "
            "metadata TEXT NOT NULL DEFAULT '{}')");
        database.exec(
            "INSERT INTO approval_requests(id, tool_name, tool_args, created_at) VALUES "
            "('0c9e7f5a-0000-4000-8000-000000000001', 'delete_record', '{\"id\": 7}', '2026-01-01T00:00:00.000000')");
    }
    auto storage = fixture.open();
    const RequestPage page = storage->list({});
    REQUIRE(page.requests.size() == 1);
    REQUIRE_FALSE(page.requests[0].ours);
    REQUIRE(page.requests[0].tool_args == Json{{"id", 7}});
    const ApprovalRequest approved = storage->decide(decision_on(page.requests[0], Verdict::approve));
    REQUIRE(approved.status == ApprovalStatus::approved);
    REQUIRE(fixture.ask("SELECT status FROM approval_requests") == "approved");
}

TEST_CASE("H27 H33 what is not ours to open is refused by name and left untouched") {
    Fixture fixture;
    auto bytes = [&] {
        std::ifstream file(fixture.path, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    };
    ErrorCode expected = ErrorCode::foreign_database;
    SECTION("random bytes") {
        std::ofstream(fixture.path) << std::string(5000, 'x');
        expected = ErrorCode::not_a_database;
    }
    SECTION("another program's database") {
        SQLite::Database(fixture.path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t(x)");
    }
    SECTION("a planted trigger") {
        fixture.open();
        fixture.shell("CREATE TRIGGER evil AFTER INSERT ON approval_requests BEGIN SELECT 1; END");
    }
    SECTION("a planted view") {
        fixture.open();
        fixture.shell("CREATE VIEW evil AS SELECT 1");
    }
    SECTION("a trigger of ours, altered") {
        fixture.open();
        fixture.shell("DROP TRIGGER approvekit_request_updated");
    }
    SECTION("a newer schema") {
        fixture.open();
        fixture.shell("PRAGMA user_version = 99");
        expected = ErrorCode::newer_database;
    }
    const std::string before = bytes();
    REQUIRE(code_of([&] { fixture.open(); }) == expected);
    REQUIRE(bytes() == before);
}

TEST_CASE("H34 the database is created with mode 0600, and a symbolic link is refused") {
    Fixture fixture;
    fixture.open();
    struct stat status {};
    REQUIRE(::stat(fixture.path.c_str(), &status) == 0);
    REQUIRE((status.st_mode & 0777) == 0600);
    const auto link = fixture.directory / "link.db";
    std::filesystem::create_symlink(fixture.path, link);
    REQUIRE(code_of([&] { SqliteStorage storage(link); }) == ErrorCode::unsafe_path);
}

TEST_CASE("G4 H32 a locked database makes every write a typed error") {
    Fixture fixture;
    SqliteStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds{30};
    SqliteStorage storage(fixture.path, options);
    SQLite::Database blocker(fixture.path.string(), SQLite::OPEN_READWRITE);
    blocker.exec("BEGIN EXCLUSIVE");
    REQUIRE(code_of([&] {
                static_cast<void>(storage.record_intent({"t", "{}", "{}", ""}));
            }) == ErrorCode::storage_busy);
    REQUIRE(code_of([&] { storage.submit(held_request(SystemClock())); }) == ErrorCode::storage_busy);
    blocker.exec("COMMIT");
    REQUIRE_FALSE(storage.record_intent({"t", "{}", "{}", ""}).empty());
}

TEST_CASE("given many threads, when each records intents, then each has its entry and the chain holds") {
    Fixture fixture;
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
    Fixture fixture;
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

TEST_CASE("H15 lists come in pages that neither repeat nor leave out a request") {
    Fixture fixture;
    auto storage = fixture.open();
    for (int i = 0; i < 25; ++i) {
        storage->submit(held_request(*fixture.clock));
        if (i % 3 == 0) fixture.clock->advance(std::chrono::microseconds{1});
    }
    for (const auto& status : {std::optional(ApprovalStatus::pending), std::optional<ApprovalStatus>()}) {
        RequestQuery query{status, 10, ""};
        std::vector<std::string> ids;
        do {
            const RequestPage page = storage->list(query);
            for (const auto& request : page.requests)
                ids.push_back(request.id);
            query.cursor = page.next;
        } while (!query.cursor.empty());
        REQUIRE(ids.size() == 25);
        std::sort(ids.begin(), ids.end());
        REQUIRE(std::unique(ids.begin(), ids.end()) == ids.end());
    }
}

TEST_CASE("H15 a page of large requests, or of their entries, ends before it fills the memory") {
    Fixture fixture;
    auto storage = fixture.open();
    constexpr int count = 12;
    for (int i = 0; i < count; ++i) {
        ApprovalRequest request = held_request(*fixture.clock);
        request.tool_args["body"] = std::string(std::size_t{1} << 20, 'x');
        request.view_digest = view_digest(request);
        storage->submit(request);
        storage->decide(decision_on(request, Verdict::reject));
    }
    const RequestPage requests = storage->list({.status = std::nullopt, .limit = 200, .cursor = ""});
    CHECK(requests.requests.size() == 8);
    CHECK(storage->list({.status = std::nullopt, .limit = 200, .cursor = requests.next}).requests.size() == count - 8);
    AuditQuery query;
    query.limit = 200;
    const AuditPage entries = storage->audit(query);
    CHECK(entries.entries.size() == 8);
    query.cursor = entries.next;
    CHECK(storage->audit(query).entries.size() == count - 8);
}

TEST_CASE("given a database that is not there yet, when several open it at once, then each gets it") {
    const TemporaryDirectory directory;
    std::atomic<int> failures = 0;
    for (int round = 0; round < 50; ++round) {
        const auto path = directory / (std::to_string(round) + ".db");
        std::vector<std::jthread> openers;
        for (int opener = 0; opener < 4; ++opener) {
            openers.emplace_back([&] {
                try {
                    SqliteStorage storage(path);
                } catch (const StorageError&) {
                    ++failures;
                }
            });
        }
    }
    REQUIRE(failures == 0);
}
