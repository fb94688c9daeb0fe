// What happens to a file when a storage opens it. See also hostile_file_test.cpp.
#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/other_user.hpp"
#include "support/storage_fixture.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE("H82 a database that was restored from its dump is ours again, and one that was changed on the way is not") {
    StorageFixture fixture;
    {
        auto storage = fixture.open();
        static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
    }
    // What remains of the file if its tables are dumped and read back: everything except these two marks.
    fixture.shell("PRAGMA application_id = 0");
    fixture.shell("PRAGMA user_version = 0");
    SECTION("as it was") {
        CHECK(fixture.open()->verify_audit().entries == 1);
        CHECK(fixture.ask("PRAGMA application_id") != "0");
        CHECK_NOTHROW(fixture.come_and_go());
    }
    SECTION("with a table of ours changed") {
        fixture.shell("ALTER TABLE approvekit_requests ADD COLUMN planted");
        CHECK(error_code_of([&] { fixture.come_and_go(); }) == ErrorCode::foreign_database);
    }
}

TEST_CASE("H82 where too many files are open, that is what is said") {
    StorageFixture fixture;
    fixture.come_and_go();
    struct rlimit limit {};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlim_t before = limit.rlim_cur;
    // Each number of free descriptors makes the opening fail at another file.
    bool opened = false;
    for (int spare = 0; !opened && spare < 64; ++spare) {
        limit.rlim_cur = static_cast<rlim_t>(::dup(0) + spare);
        ::close(static_cast<int>(limit.rlim_cur) - spare);
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        std::string complaint;
        try {
            fixture.come_and_go();
            opened = true;
        } catch (const StorageError& error) {
            complaint = error.what();
        }
        limit.rlim_cur = before;
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        CAPTURE(spare, complaint);
        CHECK((opened || complaint.find("too many files are open") != std::string::npos));
    }
    CHECK(opened);
}

TEST_CASE("H82 a database of another user is said to be theirs, and what to do") {
    if (::geteuid() != 0) return;  // only root can become others
    StorageFixture fixture;
    fixture.come_and_go();
    REQUIRE(::chmod(fixture.directory.path().c_str(), 0777) == 0);
    const ForkedChild other([&](const ForkedChild::Report& report) {
        OtherUser{5001, 5001}.become();
        try {
            fixture.come_and_go();
            report(0);
        } catch (const StorageError& error) {
            const std::string text = error.what();
            report(text.find("belongs to root") != std::string::npos && text.find("mode 0600") != std::string::npos);
        }
    });
    CHECK(other.reported() == 1);
}
