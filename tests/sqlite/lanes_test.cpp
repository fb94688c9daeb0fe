// A file into which a record with lanes was copied from a server.
#include "approvekit/audit_archive.hpp"
#include "approvekit/checkpoint.hpp"
#include "approvekit/copy_record.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "record/copied.hpp"
#include "record/exported_audit.hpp"
#include "record/laned_copy.hpp"
#include "support/other_program.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using testing::CopiedRecord;
using testing::LanedCopy;
namespace fs = std::filesystem;

namespace {

struct FileWithLanes {
    explicit FileWithLanes(Sharing kind = Sharing::closed) {
        {
            SqliteStorage made(directory / "one.db");
            record = CopiedRecord::made_in(made);
        }
        SqliteStorage from(directory / "one.db");
        SqliteStorage to(path, {.sharing = kind});
        told = LanedCopy(from, 3).into(to);
    }
    [[nodiscard]] std::unique_ptr<SqliteStorage> open() const { return std::make_unique<SqliteStorage>(path); }
    [[nodiscard]] static std::string call(Storage& storage) {
        const std::string entry = storage.record_intent({"read_file", "{}", "{}", "allowed", "test"});
        storage.finish({entry, std::string(auto_request_id), "read_file", RunState::executed, ""});
        storage.flush();
        return entry;
    }
    [[nodiscard]] ArchiveResult archive(Storage& storage, const std::string& name) const {
        ArchiveOrder order;
        order.before = SystemClock().now();
        order.file = directory / name;
        order.reviewer = "ana";
        return storage.archive(order);
    }
    [[nodiscard]] std::string ask(const std::string& sql) const {
        return as_other_program(path).execAndGet(sql).getString();
    }
    /// Returns what verifying reports after another program executed that SQL.
    [[nodiscard]] std::string fault_after(const std::string& sql) const {
        as_other_program(path).exec(sql);
        return fault_of(*open());
    }
    [[nodiscard]] static std::string fault_of(Storage& storage) {
        const AuditReport report = storage.verify_audit();
        return report.intact() ? "" : report.fault->subject() + ": " + report.fault->what;
    }

    TemporaryDirectory directory;
    fs::path path = directory / "lanes.db";
    CopiedRecord record;
    AuditReport told;
};

std::string exported(Storage& storage, record::ExportedAudit& check) {
    AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = true};
    do {
        const AuditPage page = storage.audit(query);
        for (const AuditEntry& entry : page.entries) {
            if (!check.follow(record::export_line(entry))) return check.report().fault->what;
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return "";
}

}  // namespace

TEST_CASE("G8 a record that had several lanes goes on in a file, and is copied from there with its lanes") {
    const FileWithLanes file;
    {
        const auto storage = file.open();
        CHECK(storage->verify_audit().head == file.told.head);
        file.record.check_in(*storage);
    }
    const auto storage = file.open();
    const AuditReport report = storage->verify_audit();
    CHECK(report.intact());
    CHECK(file.ask("SELECT count(*) FROM approvekit_lanes") == std::to_string(file.told.entries));
    CHECK(file.ask("SELECT max(seq) - (SELECT max(seq) FROM approvekit_lanes) FROM approvekit_audit") ==
          std::to_string(report.entries - file.told.entries));
    record::ExportedAudit check;
    CHECK(exported(*storage, check) == "");
    CHECK(check.report().head == report.head);
    SqliteStorage again(file.directory / "again.db");
    CHECK(copy_record(*storage, again).head == report.head);
}

TEST_CASE("G8 a checkpoint of a record with lanes fits when it goes on in a file") {
    const FileWithLanes file;
    const auto storage = file.open();
    const Checkpoint kept = Checkpoint::of(storage->verify_audit(), storage->now());
    static_cast<void>(FileWithLanes::call(*storage));
    CHECK_FALSE(kept.objection(storage->verify_audit({}, kept.sequence)));
}

TEST_CASE("G8 a record with lanes is archived in a file across where they end") {
    const FileWithLanes file;
    const auto storage = file.open();
    const Checkpoint in_lanes = Checkpoint::of(storage->verify_audit(), storage->now());
    const ArchiveResult first = file.archive(*storage, "first");
    REQUIRE(first.anchor);
    CHECK(first.anchor->place == in_lanes.sequence);
    CHECK_THAT(first.anchor->hash, ContainsSubstring(" 2 "));
    CHECK(FileWithLanes::fault_of(*storage) == "");
    CHECK_FALSE(in_lanes.objection(storage->verify_audit({}, in_lanes.sequence)));
    static_cast<void>(FileWithLanes::call(*storage));
    const ArchiveResult second = file.archive(*storage, "second");
    REQUIRE(second.anchor);
    CHECK(second.anchor->before == first.anchor->hash);
    CHECK(second.anchor->hash.size() == 64);
    CHECK(FileWithLanes::fault_of(*storage) == "");
    for (const char* const name : {"first", "second"}) {
        std::ifstream archive(file.directory / name, std::ios::binary);
        CHECK(verify_archive(archive).audit.intact());
    }
    CHECK(file.ask("SELECT count(*) FROM approvekit_lanes WHERE seq NOT IN (SELECT seq FROM approvekit_audit)") == "0");
}

TEST_CASE(
    "G8 what an archive of lanes left in the record is held against its file, and so is a checkpoint from before") {
    const FileWithLanes file;
    const auto open = [&] { return std::make_shared<SqliteStorage>(file.path); };
    AuditCheck check;
    {
        const auto storage = open();
        check.checkpoint = Checkpoint::of(storage->verify_audit(), storage->now());
        static_cast<void>(FileWithLanes::call(*storage));
        REQUIRE(file.archive(*storage, "first").kept > 0);
    }
    check.archives = {file.directory / "first"};
    const auto passes = [&] {
        std::ostringstream out;
        TerminalReviewer reviewer(Reviewer(open(), "ana", "terminal"), out, {});
        return reviewer.verify_audit(check);
    };
    CHECK(passes());
    ++check.checkpoint->sequence;
    CHECK_FALSE(passes());
    check.checkpoint.reset();
    CHECK(passes());
}

TEST_CASE("G8 an export of what an archive left begins with the ends of all lanes") {
    const FileWithLanes file;
    const auto storage = file.open();
    REQUIRE(file.archive(*storage, "first").anchor);
    std::string text = export_head(storage->audit_start()) + "\n";
    const AuditPage page = storage->audit({.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = true});
    for (const AuditEntry& entry : page.entries) {
        if (entry.sequence > storage->audit_start().place) text += record::export_line(entry) + "\n";
    }
    const auto is_intact = [](const std::string& lines) {
        std::istringstream in(lines);
        return record::ExportedAudit().read(in).intact();
    };
    CHECK(is_intact(text));
    const std::size_t lane = text.find(" 1 ");
    REQUIRE(lane != std::string::npos);
    std::string changed = text;
    changed[lane + 1] = '3';
    CHECK_FALSE(is_intact(changed));
    changed = text;
    changed.erase(lane, 67);  // the ends of the other lanes are left, and are valid by themselves
    CHECK_FALSE(is_intact(changed));
}

TEST_CASE("G8 lanes that another program changed in a file are found") {
    const FileWithLanes file(Sharing::open);
    REQUIRE(FileWithLanes::fault_of(*file.open()) == "");
    static_cast<void>(FileWithLanes::call(*file.open()));
    SECTION("an entry in another lane") {
        CHECK_FALSE(file.fault_after("UPDATE approvekit_lanes SET lane = (lane + 1) % 3 WHERE seq = 4").empty());
    }
    SECTION("an entry in none") {
        CHECK_FALSE(file.fault_after("DELETE FROM approvekit_lanes WHERE seq = 4").empty());
    }
    SECTION("all entries in none") {
        CHECK_FALSE(file.fault_after("DELETE FROM approvekit_lanes").empty());
    }
    SECTION("an entry in a lane that was in none") {
        CHECK_FALSE(file.fault_after("INSERT INTO approvekit_lanes SELECT max(seq), 0 FROM approvekit_audit").empty());
    }
    SECTION("a lane that is no number") {
        CHECK_THAT(file.fault_after("UPDATE approvekit_lanes SET lane = 'none' WHERE seq = 4"),
                   ContainsSubstring("its lane is not stored as it was"));
    }
    SECTION("a lane of what another program wrote") {
        as_other_program(file.path).exec(
            "INSERT INTO audit_log VALUES('theirs', 'r', 'tool', '{}', 'approved', '2026-01-31T09:05:00.000000', "
            "NULL, '{}')");
        CHECK(FileWithLanes::fault_of(*file.open()) == "");
        CHECK_THAT(file.fault_after("INSERT INTO approvekit_lanes SELECT max(seq), 0 FROM approvekit_audit"),
                   ContainsSubstring("it says what only an entry of ours can"));
    }
    SECTION("the end of a lane is gone, behind which the record went on") {
        CHECK_FALSE(file.fault_after("DELETE FROM audit_log WHERE id = (SELECT entry_id FROM approvekit_audit WHERE "
                                     "seq = (SELECT max(seq) FROM approvekit_lanes WHERE lane = 0)); DELETE FROM "
                                     "approvekit_audit WHERE seq = (SELECT max(seq) FROM approvekit_lanes WHERE lane "
                                     "= 0); DELETE FROM approvekit_lanes WHERE seq = (SELECT max(seq) FROM "
                                     "approvekit_lanes WHERE lane = 0)")
                        .empty());
    }
}

TEST_CASE("G8 a lane that is stored for no entry is found, and does not become that of the next one") {
    const FileWithLanes file(Sharing::open);
    const std::string behind = GENERATE("1", "5");
    CHECK_THAT(
        file.fault_after("INSERT INTO approvekit_lanes SELECT max(seq) + " + behind + ", 0 FROM approvekit_audit"),
        ContainsSubstring("its lane is stored, and it is not there"));
    static_cast<void>(FileWithLanes::call(*file.open()));
    static_cast<void>(FileWithLanes::call(*file.open()));
    CHECK(FileWithLanes::fault_of(*file.open()) == "");
}

TEST_CASE("what another program writes behind lanes is counted, and the record goes on") {
    const FileWithLanes file(Sharing::open);
    as_other_program(file.path).exec(
        "INSERT INTO audit_log VALUES('theirs', 'r', 'tool', '{}', 'approved', '2026-01-31T09:05:00.000000', "
        "NULL, '{}')");
    const auto storage = file.open();
    static_cast<void>(FileWithLanes::call(*storage));
    const AuditReport report = storage->verify_audit();
    CHECK(report.intact());
    CHECK(report.foreign_entries == 1);
}

TEST_CASE("a file has a table of lanes only where a record with lanes was copied into it, as closed as the others") {
    const FileWithLanes file;
    const std::string count = "SELECT count(*) FROM sqlite_master WHERE name LIKE '%approvekit_lanes%'";
    CHECK(as_other_program(file.directory / "one.db").execAndGet(count).getString() == "0");
    CHECK(file.ask(count) == "4");
    CHECK_THROWS_WITH(as_other_program(file.path).exec("DELETE FROM approvekit_lanes"), ContainsSubstring("--share"));
    static_cast<void>(SqliteStorage(file.path, {.sharing = Sharing::open}));
    CHECK(file.ask(count) == "1");
    static_cast<void>(SqliteStorage(file.path, {.sharing = Sharing::closed}));
    CHECK(file.ask(count) == "4");
    CHECK(FileWithLanes::fault_of(*file.open()) == "");
}

TEST_CASE(
    "a copy of lanes that comes to nothing leaves a file that a record is copied into, without lanes or with them") {
    const FileWithLanes file;
    SqliteStorage from(file.path);
    SqliteStorage to(file.directory / "next.db");
    const auto give_too_little = [&](const RowTaker& take) {
        AuditReport report = from.give_rows(take);
        report.entries += 1;
        return report;
    };
    CHECK(error_code_of([&] { to.take_rows(give_too_little); }) == ErrorCode::storage_corrupt);
    SECTION("without") {
        SqliteStorage one(file.directory / "one.db");
        static_cast<void>(copy_record(one, to));
    }
    SECTION("with") {
        CHECK(copy_record(from, to).head == file.told.head);
    }
    file.record.check_in(to);
}
