// Who may write a file, and how that changes. See also reliability/shared_file.cpp.
#include "approvekit/sqlite_storage.hpp"

#include "sqlite/connection.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <sqlite3.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <unistd.h>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

struct SharedFixture : StorageFixture {
    explicit SharedFixture(Sharing kind) { sharing = kind; }

    void open_as(std::optional<Sharing> wanted) const { static_cast<void>(SqliteStorage(path, {.sharing = wanted})); }

    [[nodiscard]] bool is_closed() const {
        return ask("SELECT count(*) FROM sqlite_master WHERE name LIKE 'approvekit_closed%'") != "0";
    }
};

template <typename Work>
void unless_busy(const Work& work) {
    try {
        work();
    } catch (const StorageError& error) {
        if (error.code() != ErrorCode::storage_busy) throw;
    }
}

constexpr const char* foreign_row =
    "INSERT INTO approval_requests(id, tool_name, tool_args, created_at) VALUES ('f', "
    "'t', '{}', '2026-01-01T00:00:00.000000')";

}  // namespace

TEST_CASE("H60 a file is closed to other programs, whose writes are refused with a sentence") {
    const SharedFixture it(Sharing::closed);
    const auto storage = it.open();
    storage->submit(held_request(*it.clock));
    const auto expect_refusal = [&](const std::string& sql) {
        INFO(sql);
        CHECK_THROWS_WITH(
            it.shell(sql),
            "only ApproveKit writes this record; to let other programs write it too, stop all that use it "
            "and open it once with --share");
    };
    for (const std::string table :
         {"approval_requests", "audit_log", "approvekit_requests", "approvekit_decisions", "approvekit_sessions",
          "approvekit_audit", "approvekit_changes", "approvekit_keys", "approvekit_stops", "approvekit_votes",
          "approvekit_uses", "approvekit_grants", "approvekit_grant_uses"}) {
        expect_refusal("INSERT INTO " + table + " DEFAULT VALUES");
        if (it.ask("SELECT count(*) FROM " + table) == "0") continue;
        const std::string column = it.ask("SELECT name FROM pragma_table_info('" + table + "') LIMIT 1");
        expect_refusal("UPDATE " + table + " SET " + column + " = " + column);
        expect_refusal("DELETE FROM " + table);
    }
    CHECK(storage->verify_audit().intact());
}

TEST_CASE("a new file is closed, and one of a release that knew no closed files stays open") {
    const SharedFixture it(Sharing::closed);
    it.open_as(std::nullopt);
    CHECK(it.is_closed());
    it.open_as(Sharing::open);
    CHECK_FALSE(it.is_closed());
    it.shell(foreign_row);
    it.open_as(std::nullopt);
    CHECK_FALSE(it.is_closed());
    it.open_as(Sharing::closed);
    CHECK(it.is_closed());
    CHECK_THROWS_WITH(it.shell("DELETE FROM approval_requests"), ContainsSubstring("--share"));
    CHECK(it.open()->list({}).requests.size() == 1);
}

TEST_CASE("a closed file that somebody uses is not opened to others, and who must stop is said") {
    const SharedFixture it(Sharing::closed);
    const auto storage = it.open();
    SqliteStorage::Options options;
    options.sharing = Sharing::open;
    options.busy_timeout = std::chrono::milliseconds{20};
    CHECK_THROWS_WITH(SqliteStorage(it.path, options), ContainsSubstring("Stop the agents and reviewers"));
    CHECK(it.is_closed());
    storage->submit(held_request(*it.clock));
}

TEST_CASE("a closed file has a write-ahead log with every SQLite, an open one where SQLite is safe") {
    const bool is_safe = sqlite::wal_is_safe(sqlite3_libversion_number());
    const SharedFixture closed(Sharing::closed);
    closed.come_and_go();
    CHECK(closed.ask("PRAGMA journal_mode") == "wal");
    const SharedFixture open(Sharing::open);
    open.come_and_go();
    CHECK(open.ask("PRAGMA journal_mode") == (is_safe ? "wal" : "delete"));
}

TEST_CASE("H60 who may write a file does not change while somebody looks it up, nor the other way round") {
    const SharedFixture it(Sharing::closed);
    it.come_and_go();
    SqliteStorage::Options options = it.options();
    options.sharing = Sharing::open;
    options.busy_timeout = std::chrono::milliseconds{20};
    sqlite::Connection other(it.path, {});
    sqlite::SharingLock lock(other);
    CHECK_THROWS_WITH(SqliteStorage(it.path, options), ContainsSubstring("by another program, for too long"));
    CHECK(it.is_closed());
    it.come_and_go();
    lock.make_exclusive();
    options.sharing = std::nullopt;
    CHECK(error_code_of([&] { SqliteStorage(it.path, options); }) == ErrorCode::storage_busy);
}

TEST_CASE("H60 no opener takes up the log of a file that is opened to other programs just then") {
    if (sqlite::wal_is_safe(sqlite3_libversion_number())) return;
    const SharedFixture it(Sharing::closed);
    for (int round = 0; round < 200; ++round) {
        it.open_as(Sharing::closed);
        std::unique_ptr<SqliteStorage> agent;
        {
            std::latch together(2);
            const std::jthread opener([&] {
                together.arrive_and_wait();
                unless_busy([&] { agent = std::make_unique<SqliteStorage>(it.path, SqliteStorage::Options{}); });
            });
            together.arrive_and_wait();
            unless_busy([&] { it.open_as(Sharing::open); });
        }
        const bool is_safe = it.is_closed() || it.ask("PRAGMA journal_mode") == "delete";
        REQUIRE(is_safe);
    }
}

TEST_CASE("H60 a lock on the record goes with its process, though a child that it forked lives on") {
    const SharedFixture it(GENERATE(Sharing::closed, Sharing::open));
    it.come_and_go();
    ForkedChild agent([&](const ForkedChild::Report& report) {
        sqlite::Connection writer(it.path, {});
        const sqlite::Transaction transaction(writer);
        const auto heir = ::fork();
        if (heir == 0) ForkedChild::linger();
        report(heir);
        ForkedChild::linger();
    });
    auto options = it.options();
    options.busy_timeout = std::chrono::milliseconds{20};
    const auto write = [&] { SqliteStorage(it.path, options).submit(held_request(*it.clock)); };
    CHECK(error_code_of(write) == ErrorCode::storage_busy);
    agent.kill();
    agent.wait();
    options.busy_timeout = it.options().busy_timeout;  // the child may just be starting
    CHECK_NOTHROW(write());
    ::kill(agent.reported(), SIGKILL);
}

TEST_CASE("H60 no checkpoint of anybody runs while one of ours writes") {
    const SharedFixture it(Sharing::closed);
    const auto storage = it.open();
    storage->submit(held_request(*it.clock));
    sqlite::Connection writer(it.path, {});
    CHECK(it.ask("PRAGMA wal_checkpoint") == "0");
    {
        const sqlite::Transaction transaction(writer);
        CHECK(it.ask("PRAGMA wal_checkpoint") == "1");  // busy
    }
    CHECK(it.ask("PRAGMA wal_checkpoint(TRUNCATE)") == "0");
}

TEST_CASE("H61 the log of a database that was moved away is not thrown away by a new one") {
    const SharedFixture it(Sharing::closed);
    const auto storage = it.open();
    storage->submit(held_request(*it.clock));
    const auto log = std::filesystem::path(it.path) += "-wal";
    REQUIRE(std::filesystem::file_size(log) > 0);
    std::filesystem::rename(it.path, it.directory / "old.db");
    CHECK(error_code_of([&] { it.come_and_go(); }) == ErrorCode::storage_moved);
    CHECK(std::filesystem::file_size(log) > 0);
    CHECK_FALSE(std::filesystem::exists(it.path));
}

TEST_CASE("H61 one file is not opened under two names, of which each would have its own log") {
    const SharedFixture it(Sharing::closed);
    const auto storage = it.open();
    storage->submit(held_request(*it.clock));
    const auto old = it.directory / "old.db";
    std::filesystem::rename(it.path, old);
    CHECK(error_code_of([&] { static_cast<void>(SqliteStorage(old).list({})); }) == ErrorCode::storage_moved);
    CHECK(error_code_of([&] { static_cast<void>(storage->list({})); }) == ErrorCode::storage_moved);
}
