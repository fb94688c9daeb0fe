// What somebody does to a record of which a part was archived is found, as in any other record.
#include "approvekit/audit_archive.hpp"
#include "approvekit/error.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/scratch_database.hpp"

#include <filesystem>
#include <memory>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A record with an archive of four entries, of which two stay since they are held, and two later entries.
struct ArchivedFile {
    ArchivedFile() {
        const std::string held = call();
        static_cast<void>(call());
        storage->hold(held, "a test", "ana", "terminal");
        ArchiveOrder order;
        order.before = SystemClock().now();
        order.file = file.directory / "archive";
        order.reviewer = "ana";
        static_cast<void>(storage->archive(order));
        static_cast<void>(call());
    }
    [[nodiscard]] std::string call() const {
        const std::string entry = storage->record_intent({"read_file", "{}", "{}", "allowed", "test"});
        storage->finish({entry, std::string(auto_request_id), "read_file", RunState::executed, ""});
        storage->flush();
        return entry;
    }
    /// The fault that verifying finds after another program ran this SQL.
    [[nodiscard]] std::string fault_after(const std::string& sql) const {
        file.shell(sql);
        const AuditReport report = storage->verify_audit();
        return report.intact() ? "" : report.fault->subject() + ": " + report.fault->what;
    }

    ScratchDatabase file;
    std::unique_ptr<SqliteStorage> storage = std::make_unique<SqliteStorage>(file.path, shared_with_others());
};

}  // namespace

TEST_CASE("G8 a record of which a part was archived fits, with what stayed and what came later") {
    const ArchivedFile record;
    CHECK(record.fault_after("SELECT 1") == "");
    CHECK(record.storage->verify_audit().entries > 4);
}

TEST_CASE("G8 an entry that an archive left is named where it was changed") {
    CHECK(ArchivedFile().fault_after("UPDATE approvekit_audit SET way = 'web' WHERE seq = 1") ==
          "entry 1: it is not the one that an archive left there");
    CHECK(ArchivedFile().fault_after("UPDATE audit_log SET tool_name = 'rm' WHERE id = (SELECT entry_id FROM "
                                     "approvekit_audit WHERE seq = 1)") ==
          "entry 1: it is not the one that an archive left there");
}

TEST_CASE("G8 an entry that an archive left is named where it was removed with what binds it") {
    CHECK_THAT(
        ArchivedFile().fault_after("DELETE FROM approvekit_archive_kept WHERE seq = 1; DELETE FROM audit_log WHERE "
                                   "id = (SELECT entry_id FROM approvekit_audit WHERE seq = 1); DELETE FROM "
                                   "approvekit_audit WHERE seq = 1"),
        ContainsSubstring("the entries that it left in the record are not those that are there"));
}

TEST_CASE("G8 an entry that is put in before the start of the chain is named") {
    CHECK(ArchivedFile().fault_after("INSERT INTO approvekit_audit(seq, entry_id, request_id, event, hash) VALUES (3, "
                                     "'a', 'b', 'cancelled', x'00')") ==
          "entry 3: it is in an archive, but is still in the record");
}

TEST_CASE("G8 an entry whose hash was made empty is not taken for one of another program") {
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_audit SET hash = x'' WHERE seq = (SELECT max(seq) FROM "
                                          "approvekit_audit)"),
               ContainsSubstring("its hash is empty"));
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_audit SET hash = x'' WHERE seq = 1"),
               ContainsSubstring("its hash is empty"));
}

TEST_CASE("G8 a chain that is made to begin elsewhere does not fit") {
    CHECK_FALSE(ArchivedFile().fault_after("UPDATE approvekit_archive_start SET place = place - 1").empty());
    CHECK_FALSE(ArchivedFile().fault_after("UPDATE approvekit_archive_start SET place = place + 1").empty());
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_archive_start SET hash = x'00'"),
               ContainsSubstring("does not follow"));
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_archive_start SET first = 'another'"),
               ContainsSubstring("another record"));
    CHECK_FALSE(ArchivedFile().fault_after("DELETE FROM approvekit_archive_start").empty());
}

TEST_CASE("G8 an archive that was taken out of the record, or changed there, is named") {
    CHECK_THAT(ArchivedFile().fault_after("DELETE FROM approvekit_archives"), ContainsSubstring("archive"));
    const ArchivedFile record;
    ArchiveAnchor other = record.storage->archives().front();
    other.rows += 1;
    CHECK_THAT(record.fault_after("UPDATE approvekit_archives SET line = '" + other.line() + "'"),
               ContainsSubstring("is another one"));
    CHECK_THROWS_AS(
        ArchivedFile().fault_after("UPDATE approvekit_archives SET line = replace(line, '\"rows\":0', '\"rows\":1')"),
        StorageError);
    CHECK_THROWS_AS(ArchivedFile().fault_after("UPDATE approvekit_archives SET line = 'no line'"), StorageError);
}

TEST_CASE("G8 a hold that was taken out of the record, or ended by nobody, is named") {
    CHECK_THAT(ArchivedFile().fault_after("DELETE FROM approvekit_archive_holds"), ContainsSubstring("is gone"));
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_archive_holds SET ended_at = since, ended_by = 'bob', "
                                          "ended_way = 'web'"),
               ContainsSubstring("no entry records that"));
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_archive_holds SET reason = CAST(reason AS BLOB)"),
               ContainsSubstring("its reason is not stored as it was"));
    CHECK_THAT(ArchivedFile().fault_after("UPDATE approvekit_archive_holds SET reason = 'another'"),
               ContainsSubstring("no entry records it"));
}

TEST_CASE("what another program asked and decided goes into an archive with its row") {
    const ArchivedFile record;
    record.file.shell(
        "INSERT INTO approval_requests(id, tool_name, tool_args, status, created_at, reviewer_notes) VALUES "
        "('theirs', 'send_email', '{}', 'approved', '2020-01-01T00:00:00.000000', 'by hand'); INSERT INTO "
        "audit_log(id, request_id, tool_name, tool_args, decision, timestamp) VALUES ('one', 'theirs', 'send_email', "
        "'{}', 'approved', '2020-01-01T00:00:01.000000'), ('two', 'theirs', 'send_email', '{}', 'approved', "
        "'2020-01-01T00:00:02.000000')");
    ArchiveOrder order;
    order.before = SystemClock().now();
    order.file = record.file.directory / "second";
    order.reviewer = "ana";
    const ArchiveResult result = record.storage->archive(order);
    REQUIRE(result.anchor);
    CHECK(result.anchor->rows == 1);
    CHECK_FALSE(record.storage->find("theirs"));
    CHECK(record.fault_after("SELECT 1") == "");
}

TEST_CASE("an archive comes to its end though somebody removes what it has before it does") {
    const ArchivedFile record;
    for (int call = 0; call < 40; ++call)
        static_cast<void>(record.call());  // more entries than are removed at once
    ArchiveOrder order;
    order.before = SystemClock().now();
    order.file = record.file.directory / "second";
    order.reviewer = "ana";
    bool is_removed = false;
    order.progress = [&](std::int64_t) {
        if (is_removed || record.storage->archives().size() < 2) return;
        is_removed = true;
        record.file.shell("DELETE FROM approvekit_audit WHERE hash IS NOT NULL AND event <> 'archived' AND seq > 10");
    };
    const ArchiveResult result = record.storage->archive(order);
    CHECK(is_removed);
    REQUIRE(result.anchor);
    CHECK(record.storage->audit_start().place == result.anchor->place);
}

TEST_CASE("nothing is archived of a record that does not fit") {
    const ArchivedFile record;
    record.file.shell("UPDATE approvekit_audit SET way = 'web' WHERE seq = (SELECT max(seq) FROM approvekit_audit)");
    ArchiveOrder order;
    order.before = SystemClock().now();
    order.file = record.file.directory / "second";
    order.reviewer = "ana";
    CHECK_THROWS_AS(record.storage->archive(order), StorageError);
    CHECK_FALSE(std::filesystem::exists(order.file));
    CHECK(record.storage->archives().size() == 1);
}
