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
        // In each round the other thread gets a little further before this one comes.
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
