// Files that earlier releases created.
#include "approvekit/error.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "sqlite/lease.hpp"
#include "sqlite/schema.hpp"
#include "support/audit_events.hpp"
#include "support/broken_disk.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;

namespace {

namespace fs = std::filesystem;

/// A copy of a file with version 1 of the schema. It has an allowed call, an approved call that ran, a rejected one and
/// a cancelled one.
struct OldFile : StorageFixture {
    explicit OldFile(const std::string& kind) {
        fs::copy_file(fs::path(APPROVEKIT_TESTS_DIRECTORY) / "sqlite/records" / ("version-1-" + kind + ".db"), path);
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    }

    [[nodiscard]] fs::path backup() const { return path.string() + "-v1-backup"; }
    [[nodiscard]] std::string version() const { return ask("PRAGMA user_version"); }
};

LimitUse one_call() {
    LimitUse use;
    use.limit = "calls";
    use.amount = use.most = 1;
    use.per = std::chrono::hours(1);
    return use;
}

Intent limited(const LimitUse& use) {
    return {"send_email", "{}", R"({"limit": {"id": "calls", "millionths": 1, "per": 3600}})", "auto", "test", &use};
}

const AuditEvents events_of_old_file{AuditEvent::approved, AuditEvent::executed, AuditEvent::approved,
                                     AuditEvent::executed, AuditEvent::rejected, AuditEvent::cancelled};

}  // namespace

TEST_CASE("a file of version 1 is brought up with all it has, after a backup beside it") {
    const std::string kind = GENERATE("closed", "open");
    CAPTURE(kind);
    const OldFile file(kind);
    {
        SqliteStorage storage(file.path);
        CHECK(audit_events(storage) == events_of_old_file);
        CHECK(storage.verify_audit().intact());
        CHECK(storage.list({.status = std::nullopt, .limit = 50, .cursor = ""}).requests.size() == 3);
        KeyedCall call;
        call.key = "k-1";
        call.tool_name = "send_email";
        CHECK(storage.submit(held_request(SystemClock()), call).kind == KeyedAnswer::Kind::accepted);
    }
    CHECK(file.version() == "2");
    struct stat status {};
    REQUIRE(::stat(file.backup().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK_FALSE(fs::exists(file.backup().string() + "-unfinished"));
    CHECK_NOTHROW(SqliteStorage(file.path));
}

TEST_CASE("the backup of an upgrade is the record as it was, and can be opened like any other") {
    const OldFile file("closed");
    std::ofstream(file.backup()) << "an older backup";
    CHECK_NOTHROW(SqliteStorage(file.path));
    SqliteStorage old(file.backup());
    CHECK(audit_events(old) == events_of_old_file);
    CHECK(old.verify_audit().intact());
}

TEST_CASE("where the backup cannot be written, a file of version 1 stays as it is") {
    const std::string kind = GENERATE("closed", "open");
    CAPTURE(kind);
    const OldFile file(kind);
    fs::create_directory(file.backup().string() + "-unfinished");
    const std::string before = file.bytes();
    CHECK(error_code_of([&] { SqliteStorage storage(file.path); }) == ErrorCode::storage_io);
    CHECK(file.version() == "1");
    // A file with a write-ahead log has left that mode to see whether it is in use, and returns to it when it is
    // opened.
    const bool is_same = file.bytes() == before;
    CHECK((kind == "closed" || is_same));
    CHECK_FALSE(fs::exists(file.backup()));
    fs::remove(file.backup().string() + "-unfinished");
    const SqliteStorage storage(file.path);
    CHECK(file.version() == "2");
}

TEST_CASE("a full disk leaves a file of version 1 as it is, and no half of a backup beside it") {
    const OldFile file("open");
    const std::string before = file.bytes();
    {
        const UnwritableDisk full(ENOSPC);
        try {
            SqliteStorage storage(file.path);
            FAIL("the backup was written");
        } catch (const StorageError& error) {
            CHECK(error.code() == ErrorCode::storage_full);
            CHECK_THAT(error.what(), Catch::Matchers::StartsWith(file.backup().string()));
        }
    }
    CHECK_FALSE(fs::exists(file.backup().string() + "-unfinished"));
    CHECK_FALSE(fs::exists(file.backup()));
    CHECK(file.bytes() == before);
    CHECK_NOTHROW(SqliteStorage(file.path));
}

TEST_CASE("a file of version 1 that somebody uses is not brought up") {
    const std::string kind = GENERATE("closed", "open");
    CAPTURE(kind);
    const OldFile file(kind);
    SqliteStorage::Options options = file.options();
    options.sharing = std::nullopt;
    options.busy_timeout = std::chrono::milliseconds{50};
    const auto open = [&] { SqliteStorage storage(file.path, options); };
    {
        std::optional<sqlite::Connection> reviewer;
        std::optional<sqlite::Lease> agent;
        if (kind == "closed") {
            reviewer.emplace(file.path, sqlite::Connection::Options{});
            reviewer->choose_journal(Sharing::closed);
        } else {
            const auto self = sqlite::AgentIdentity::current();
            agent.emplace(file.path, 99, file.clock->now());
            file.shell(
                "INSERT INTO approvekit_sessions(number, boot_id, pid_namespace, pid, start_time, started_at, "
                "first_entry) VALUES (99, '" +
                self.boot_id + "', '" + self.pid_namespace + "', " + std::to_string(self.pid) + ", " +
                std::to_string(self.start_time) + ", '2026-01-01T00:00:00.000000', 0)");
        }
        CHECK(error_code_of(open) == ErrorCode::storage_busy);
        CHECK_FALSE(fs::exists(file.backup()));
    }
    CHECK(file.version() == "1");
    CHECK_NOTHROW(open());
    CHECK(file.version() == "2");
}

TEST_CASE("a file of version 1 that is only looked at stays as it is") {
    const OldFile file(GENERATE("closed", "open"));
    SqliteStorage::Options options;
    options.access = Access::read;
    {
        SqliteStorage storage(file.path, options);
        CHECK(storage.read_only());
        CHECK(audit_events(storage) == events_of_old_file);
        CHECK(storage.verify_audit().intact());
        CHECK(storage.stops(StopList::all).empty());
    }
    CHECK(file.version() == "1");
    CHECK_FALSE(fs::exists(file.backup()));
    static_cast<void>(SqliteStorage(file.path));
    CHECK_FALSE(SqliteStorage(file.path, options).read_only());
}

TEST_CASE("of several that open a file of version 1 at once one brings it up, and all get it") {
    const OldFile file("closed");
    std::atomic<int> failures = 0;
    {
        std::vector<std::jthread> openers;
        for (int opener = 0; opener < 4; ++opener) {
            openers.emplace_back([&] {
                try {
                    SqliteStorage storage(file.path);
                    if (!storage.verify_audit().intact()) ++failures;
                } catch (const StorageError&) {
                    ++failures;
                }
            });
        }
    }
    CHECK(failures == 0);
    CHECK(file.version() == "2");
}

TEST_CASE("a file of version 1 can be shared and closed in the opening that brings it up") {
    const OldFile file("closed");
    {
        SqliteStorage::Options options;
        options.sharing = Sharing::open;
        CHECK_NOTHROW(SqliteStorage(file.path, options));
    }
    CHECK(file.version() == "2");
    CHECK_NOTHROW(file.shell("UPDATE approval_requests SET reviewer_notes = NULL WHERE id = 'none'"));
}

TEST_CASE("a dump of version 1 that was restored is brought up too") {
    const OldFile file("open");
    file.shell("PRAGMA application_id = 0");
    file.shell("PRAGMA user_version = 0");
    CHECK_NOTHROW(SqliteStorage(file.path));
    CHECK(file.version() == "2");
}

TEST_CASE("H33 a file of version 1 with the table of version 2 is not ours, nor one of version 2 without it") {
    const OldFile file("open");
    const std::string expected = GENERATE("1", "2");
    if (expected == "1") file.shell(GENERATE("CREATE TABLE approvekit_keys(x)", "CREATE TABLE approvekit_votes(x)"));
    file.shell("PRAGMA user_version = " + expected);
    CHECK(error_code_of([&] { SqliteStorage storage(file.path); }) == ErrorCode::foreign_database);
    CHECK(file.version() == expected);
}

TEST_CASE("what starts is counted in a file of version 1 once that is brought up") {
    const OldFile file(GENERATE("closed", "open"));
    SqliteStorage storage(file.path);
    const LimitUse one = one_call();
    static_cast<void>(storage.record_intent(limited(one)));
    CHECK(storage.used(one) == 1);
    CHECK(error_code_of([&] { static_cast<void>(storage.record_intent(limited(one))); }) == ErrorCode::limit_reached);
    CHECK(storage.verify_audit().intact());
}

TEST_CASE("a file of version 2 that counts no limits yet does so once it is opened to write") {
    StorageFixture file;
    file.sharing = GENERATE(Sharing::closed, Sharing::open);
    file.come_and_go();
    const char* const objects = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)";
    const std::string whole = file.ask(objects);
    file.shell("DROP TABLE approvekit_uses");
    const std::string without = file.ask(objects);
    REQUIRE(without != whole);
    SqliteStorage::Options looking = file.options();
    looking.access = Access::read;
    looking.sharing = std::nullopt;
    const LimitUse one = one_call();
    {
        SqliteStorage storage(file.path, looking);
        CHECK(storage.read_only());
        CHECK(storage.used(one) == 0);
        CHECK(storage.verify_audit().intact());
    }
    CHECK(file.ask(objects) == without);
    {
        const auto storage = file.open();
        static_cast<void>(storage->record_intent(limited(one)));
        CHECK(error_code_of([&] { static_cast<void>(storage->record_intent(limited(one))); }) ==
              ErrorCode::limit_reached);
        CHECK(storage->verify_audit().intact());
    }
    CHECK(file.ask(objects) == whole);
    CHECK_FALSE(SqliteStorage(file.path, looking).read_only());
}

TEST_CASE("a file of version 2 that counts no limits yet can be shared and closed in the opening that mends that") {
    StorageFixture file;
    file.sharing = GENERATE(Sharing::closed, Sharing::open);
    file.come_and_go();
    file.shell("DROP TABLE approvekit_uses");
    file.sharing = file.sharing == Sharing::closed ? Sharing::open : Sharing::closed;
    CHECK_NOTHROW(file.come_and_go());
    const bool is_open = file.sharing == Sharing::open;
    CHECK(file.ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'approvekit_uses'") ==
          (is_open ? "0" : "3"));
}

TEST_CASE("a file of version 2 that keeps no grants yet does so once it is opened to write") {
    StorageFixture file;
    file.sharing = GENERATE(Sharing::closed, Sharing::open);
    file.come_and_go();
    const char* const objects = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)";
    const std::string whole = file.ask(objects);
    const bool without_limits = GENERATE(true, false);
    file.shell("DROP TABLE approvekit_grants");
    file.shell("DROP TABLE approvekit_grant_uses");
    if (without_limits) file.shell("DROP TABLE approvekit_uses");
    const std::string without = file.ask(objects);
    SqliteStorage::Options looking = file.options();
    looking.access = Access::read;
    looking.sharing = std::nullopt;
    {
        SqliteStorage storage(file.path, looking);
        CHECK(storage.grants(GrantList::all).empty());
        CHECK(storage.find_grants("mail", "agent").empty());
        CHECK(storage.verify_audit().intact());
    }
    CHECK(file.ask(objects) == without);
    CHECK(file.open()->grants(GrantList::all).empty());
    CHECK(file.ask(objects) == whole);
    file.shell("DROP INDEX approvekit_grants_tool");
    CHECK(error_code_of([&] { file.come_and_go(); }) == ErrorCode::foreign_database);
}

TEST_CASE("H33 a file that has a part of what counts limits is not ours") {
    StorageFixture file;
    file.come_and_go();
    file.shell("DROP INDEX approvekit_uses_start");
    CHECK(error_code_of([&] { file.come_and_go(); }) == ErrorCode::foreign_database);
}

TEST_CASE("a file of version 1 that cannot be written is looked at as it is") {
    const OldFile file("closed");
    {
        sqlite::Connection connection(file.path,
                                      {.durability = Durability::full, .busy_timeout = {}, .read_only = true});
        CHECK_NOTHROW(sqlite::check_schema(connection));
    }
    CHECK(file.version() == "1");
}
