// Files that are not what they should be, and what others wrote into ours.
#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/scratch_database.hpp"

#include <SQLiteCpp/Database.h>

#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;
namespace fs = std::filesystem;

namespace {

struct File : ScratchDatabase {
    [[nodiscard]] std::unique_ptr<SqliteStorage> open() const {
        return std::make_unique<SqliteStorage>(path, shared_with_others());
    }

    /// Why it does not open, or nothing if it does.
    [[nodiscard]] std::optional<ErrorCode> refusal() const {
        try {
            (void)open();
        } catch (const Error& error) {
            return error.code();
        }
        return std::nullopt;
    }
};

constexpr const char* base_audit_log =
    "CREATE TABLE audit_log(id TEXT PRIMARY KEY, request_id TEXT NOT NULL, tool_name TEXT NOT NULL, tool_args TEXT NOT "
    "NULL, decision TEXT NOT NULL, timestamp TEXT NOT NULL, reviewer_notes TEXT, metadata TEXT NOT NULL)";

}  // namespace

TEST_CASE("H27 whatever is planted beside our own tables, the storage does not open and changes nothing") {
    const File file;
    (void)file.open();
    for (const std::string sql :
         {"CREATE TABLE planted(x)", "CREATE INDEX planted ON approval_requests(upper(tool_name))",
          "CREATE INDEX planted ON approvekit_audit(hash)", "CREATE VIEW planted AS SELECT * FROM audit_log",
          "CREATE TRIGGER planted BEFORE UPDATE ON approvekit_requests BEGIN SELECT RAISE(IGNORE); END",
          "CREATE TRIGGER planted AFTER INSERT ON approvekit_changes BEGIN DELETE FROM audit_log; END",
          "CREATE VIRTUAL TABLE planted USING fts5(x)", "DROP INDEX approvekit_pending",
          "DROP TABLE approvekit_decisions", "ALTER TABLE approvekit_requests ADD COLUMN planted",
          "ALTER TABLE approval_requests ADD COLUMN planted TEXT",
          "ALTER TABLE approval_requests ADD COLUMN planted TEXT AS (upper(tool_name))",
          "ALTER TABLE audit_log RENAME COLUMN metadata TO planted"}) {
        CAPTURE(sql);
        const File copy;
        fs::copy_file(file.path, copy.path);
        copy.shell(sql);
        const std::string before = copy.bytes();
        CHECK(copy.refusal() == ErrorCode::foreign_database);
        CHECK(copy.bytes() == before);
    }
}

TEST_CASE("H27 a trigger that is planted while the storage is open does not fire on what we write") {
    const File file;
    const auto storage = file.open();
    file.shell(
        "CREATE TRIGGER planted AFTER INSERT ON approval_requests BEGIN "
        "UPDATE approval_requests SET status = 'approved' WHERE id = NEW.id; END");
    const ApprovalRequest request = held_request(SystemClock());
    storage->submit(request);
    CHECK(storage->find(request.id)->status == ApprovalStatus::pending);
}

TEST_CASE("H31 a copy of what an audit row said does not hide that it was changed") {
    const File file;
    const auto storage = file.open();
    static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
    SECTION("to other words") {
        file.shell("UPDATE approvekit_audit SET tool_name = 'read_file'; UPDATE audit_log SET tool_name = 'other'");
    }
    SECTION("to no words at all") {
        file.shell("UPDATE approvekit_audit SET notes = 'auto'; UPDATE audit_log SET reviewer_notes = NULL");
    }
    const AuditReport report = storage->verify_audit();
    REQUIRE(report.fault);
    CHECK(report.fault->sequence == 1);
}

TEST_CASE("H31 an entry with the last number there is stops the record, and with it every call") {
    const File file;
    const auto storage = file.open();
    static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
    file.shell("UPDATE approvekit_audit SET seq = 9223372036854775807");
    CHECK_THROWS_AS(storage->record_intent({"read_file", "{}", "{}", "auto"}), StorageError);
}

TEST_CASE("H33 tables that only look like those of the Python package are not adopted") {
    for (const std::string requests :
         {"CREATE VIEW approval_requests AS SELECT 1",
          "CREATE TABLE approval_requests(id TEXT, tool_name TEXT NOT NULL, tool_args TEXT NOT NULL, status TEXT NOT "
          "NULL, created_at TEXT NOT NULL, reviewed_at TEXT, reviewer_notes TEXT, metadata TEXT NOT NULL)",
          "CREATE TABLE approval_requests(id TEXT PRIMARY KEY, tool_name TEXT NOT NULL, tool_args TEXT NOT NULL, "
          "status TEXT NOT NULL, created_at TEXT NOT NULL, reviewed_at TEXT, reviewer_notes TEXT, metadata TEXT NOT "
          "NULL, more TEXT)",
          "CREATE TABLE approval_requests(id TEXT PRIMARY KEY, tool_name TEXT NOT NULL, tool_args TEXT NOT NULL, "
          "status TEXT NOT NULL, created_at TEXT NOT NULL, reviewed_at TEXT, reviewer_notes TEXT, metadata TEXT NOT "
          "NULL, more TEXT AS (upper(status)) STORED)",
          "CREATE VIRTUAL TABLE approval_requests USING fts5(id, tool_name, tool_args, status, created_at, "
          "reviewed_at, reviewer_notes, metadata)"}) {
        CAPTURE(requests);
        const File file;
        file.shell(requests + ";" + base_audit_log);
        const std::string before = file.bytes();
        CHECK(file.refusal() == ErrorCode::foreign_database);
        CHECK(file.bytes() == before);
    }
}

TEST_CASE("H33 bytes that pose as a database are refused and left as they are") {
    const File ours;
    (void)ours.open();
    const std::string whole = ours.bytes();
    const std::string head = whole.substr(0, 100);
    for (const std::string& bytes :
         {std::string("SQLite format 3"), std::string("SQLite format 3\0", 16) + std::string(4096, '\xa5'), head,
          head + std::string(8192, '\xff'), whole.substr(0, whole.size() / 2), whole.substr(0, 4096),
          std::string(100'000, '\0')}) {
        const File file;
        file.write(bytes);
        CAPTURE(bytes.size());
        const auto refusal = file.refusal();
        REQUIRE(refusal);
        CHECK((refusal == ErrorCode::not_a_database || refusal == ErrorCode::storage_corrupt ||
               refusal == ErrorCode::foreign_database));
        CHECK(file.bytes() == bytes);
    }
}

TEST_CASE("H33 a database of ours with any of its bytes changed is refused, or opens and answers, but never crashes") {
    const File ours;
    {
        const auto storage = ours.open();
        storage->submit(held_request(SystemClock()));
        static_cast<void>(storage->record_intent({"t", "{}", "{}", "auto"}));
    }
    const std::string whole = ours.bytes();
    for (std::size_t at = 0; at < whole.size(); at += whole.size() / 97) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x15);
        const File file;
        file.write(changed);
        try {
            const auto storage = file.open();
            static_cast<void>(storage->list({}));
            static_cast<void>(storage->audit({}));
            static_cast<void>(storage->verify_audit());
        } catch (const Error& error) {
            CAPTURE(at, error.what());
            CHECK(error.code() != ErrorCode::server);
        }
    }
}

TEST_CASE("H34 what is not a regular file is refused by name") {
    const File file;
    SECTION("a link that leads nowhere") {
        fs::create_symlink(file.directory / "elsewhere.db", file.path);
        CHECK(file.refusal() == ErrorCode::unsafe_path);
        CHECK_FALSE(fs::exists(file.directory / "elsewhere.db"));
    }
    SECTION("a link to itself") {
        fs::create_symlink(file.path, file.path);
        CHECK(file.refusal() == ErrorCode::unsafe_path);
    }
    SECTION("a folder") {
        fs::create_directory(file.path);
        CHECK(file.refusal() == ErrorCode::unsafe_path);
    }
    SECTION("a pipe, without waiting for its writer") {
        REQUIRE(::mkfifo(file.path.c_str(), 0600) == 0);
        CHECK(file.refusal() == ErrorCode::unsafe_path);
    }
}

TEST_CASE("H34 nobody else may read the database or anything beside it, whatever the umask") {
    const File file;
    const ::mode_t before = ::umask(0);
    {
        const auto storage = file.open();
        storage->submit(held_request(SystemClock()));
        for (const auto& entry : fs::directory_iterator(file.directory.path())) {
            CAPTURE(entry.path());
            CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
        }
    }
    ::umask(before);
}

TEST_CASE("rows that another program filled with anything are shown, and never count as approved") {
    const File file;
    const auto storage = file.open();
    const ApprovalRequest request = held_request(SystemClock());
    storage->submit(request);
    for (const std::string change :
         {"tool_args = x'ff00fe'", "tool_args = '{'", "metadata = '[1]'", "metadata = x'80'", "created_at = 'never'",
          "status = 'Approved'", "status = 'approved '", "status = x'617070726f76656400'", "tool_name = x'ff'"}) {
        CAPTURE(change);
        file.shell("UPDATE approval_requests SET " + change);
        REQUIRE(storage->find(request.id));
        CHECK_NOTHROW(to_json_view(*storage->find(request.id)));
        CHECK_NOTHROW(storage->list({std::nullopt, 10, ""}));
        CHECK_THROWS_AS(storage->claim({request.id, request.view_digest, {}}), Error);
    }
    for (const std::string redactions : {"[1]", "[{}]", "[{\"path\":1}]", "{}", "[[", "x"}) {
        CAPTURE(redactions);
        file.shell("UPDATE approvekit_requests SET redactions = '" + redactions + "'");
        CHECK_NOTHROW(storage->find(request.id));
        CHECK_NOTHROW(storage->list({std::nullopt, 10, ""}));
    }
}
