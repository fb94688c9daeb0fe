// What becomes of a file when a storage opens it. See also sqlite_hostile_file_test.cpp.
#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;

TEST_CASE("a database of the Python package is adopted with its rows") {
    StorageFixture fixture;
    fixture.shell(
        "CREATE TABLE IF NOT EXISTS approval_requests (\n id TEXT PRIMARY KEY,\n tool_name TEXT NOT NULL, "
        "tool_args "
        "TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', created_at TEXT NOT NULL, reviewed_at TEXT, "
        "reviewer_notes TEXT, metadata TEXT NOT NULL DEFAULT '{}')");
    fixture.shell(
        "CREATE TABLE IF NOT EXISTS audit_log (id TEXT PRIMARY KEY, request_id TEXT NOT NULL, tool_name TEXT NOT "
        "NULL, tool_args TEXT NOT NULL, decision TEXT NOT NULL, timestamp TEXT NOT NULL, reviewer_notes TEXT, "
        "metadata TEXT NOT NULL DEFAULT '{}')");
    fixture.shell(
        "INSERT INTO approval_requests(id, tool_name, tool_args, created_at) VALUES "
        "('0c9e7f5a-0000-4000-8000-000000000001', 'delete_record', '{\"id\": 7}', '2026-01-01T00:00:00.000000')");
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
    StorageFixture fixture;
    ErrorCode expected = ErrorCode::foreign_database;
    SECTION("random bytes") {
        fixture.write(std::string(5000, 'x'));
        expected = ErrorCode::not_a_database;
    }
    SECTION("another program's database") {
        fixture.shell("CREATE TABLE t(x)");
    }
    SECTION("a planted trigger") {
        fixture.come_and_go();
        fixture.shell("CREATE TRIGGER evil AFTER INSERT ON approval_requests BEGIN SELECT 1; END");
    }
    SECTION("a planted view") {
        fixture.come_and_go();
        fixture.shell("CREATE VIEW evil AS SELECT 1");
    }
    SECTION("a trigger of ours, altered") {
        fixture.come_and_go();
        fixture.shell("DROP TRIGGER approvekit_request_updated");
    }
    SECTION("a newer schema") {
        fixture.come_and_go();
        fixture.shell("PRAGMA user_version = 99");
        expected = ErrorCode::newer_database;
    }
    const std::string before = fixture.bytes();
    REQUIRE(error_code_of([&] { fixture.come_and_go(); }) == expected);
    REQUIRE(fixture.bytes() == before);
}

TEST_CASE("H34 the database is created with mode 0600, and a symbolic link is refused") {
    StorageFixture fixture;
    fixture.come_and_go();
    struct stat status {};
    REQUIRE(::stat(fixture.path.c_str(), &status) == 0);
    REQUIRE((status.st_mode & 0777) == 0600);
    const auto link = fixture.directory / "link.db";
    std::filesystem::create_symlink(fixture.path, link);
    REQUIRE(error_code_of([&] { SqliteStorage storage(link); }) == ErrorCode::unsafe_path);
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
