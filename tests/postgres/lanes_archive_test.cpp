// A record whose audit has several lanes is archived and copied, and continues.
#include "approvekit/audit_archive.hpp"
#include "approvekit/checkpoint.hpp"
#include "approvekit/copy_record.hpp"
#include "approvekit/postgres_storage.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "postgres/lane_writers.hpp"
#include "postgres/scratch_postgres.hpp"
#include "record/audit_chain.hpp"
#include "support/catch.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <sstream>
#include <string>

using namespace approvekit;
using testing::number_in;
using testing::ScratchPostgres;
using testing::write_at_once;
namespace fs = std::filesystem;

namespace {

ArchiveOrder order_of(PostgresStorage& storage, const fs::path& file) {
    ArchiveOrder order;
    order.before = storage.now();
    order.file = file;
    order.reviewer = "ana";
    return order;
}

ArchiveReport read(const fs::path& file, std::int64_t mark, std::string& marked) {
    std::ifstream in(file, std::ios::binary);
    return verify_archive(in, [&](const ArchivedEntry& entry) {
        if (entry.place == mark) marked = entry.head;
    });
}

std::string fault_of(Storage& storage) {
    const AuditReport report = storage.verify_audit();
    return report.intact() ? "" : report.fault->subject() + ": " + report.fault->what;
}

/// A slow writer of an entry in lane 0, which already has a place for it.
class SlowWriter {
public:
    explicit SlowWriter(const ScratchPostgres& database) : server_(postgres::Target(database.connection())) {
        server_.queue("BEGIN");
        server_.queue("SELECT 1 FROM approvekit.approvekit_chain WHERE lane = 0 FOR UPDATE");
        postgres::Rows rows = server_.rows("SELECT nextval('approvekit.approvekit_places')");
        rows.next();
        place_ = rows.integer(0);
    }
    [[nodiscard]] std::int64_t place() const { return place_; }
    /// Writes the first entry of lane 0.
    void write() {
        record::AuditRecord record;
        record.entry_id = "late";
        record.request_id = "late";
        record.event = AuditEvent::cancelled;
        record.tool_name = "read";
        record.timestamp = "2020-01-01T00:00:00.000000";
        record.lane = 0;
        const std::string hash = record::link_hash({}, place_, record);
        server_.queue(
            "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event, hash, tool_name, tool_args, "
            "timestamp, metadata, lane) VALUES ($1, 'late', 'late', 'cancelled', $2, 'read', '{}', $3, '{}', 0)",
            place_, postgres::Binary{hash}, record.timestamp);
        server_.rows("COMMIT");
    }

private:
    postgres::Connection server_;
    std::int64_t place_ = 0;
};

/// Copies a file into the record on a server, where three then write at once.
void copy_and_go_on(const std::filesystem::path& file, const ScratchPostgres& database) {
    {
        SqliteStorage from(file);
        PostgresStorage to(database.connection());
        static_cast<void>(copy_record(from, to));
    }
    write_at_once(database, 3);
}

}  // namespace

TEST_CASE("G8 what was written into eight lanes is archived, and the record goes on in all of them") {
    const ScratchPostgres database;
    const TemporaryDirectory folder;
    write_at_once(database, 20);
    PostgresStorage storage(database.connection());
    const AuditReport before = storage.verify_audit();
    const Checkpoint old = Checkpoint::of(before, storage.now());
    write_at_once(database, 5);
    const ArchiveResult first = storage.archive(order_of(storage, folder / "first"));
    REQUIRE(first.anchor);
    CHECK(first.anchor->entries == 200);
    CHECK(first.removed == 200);
    CHECK(fault_of(storage) == "");
    write_at_once(database, 20);
    CHECK(fault_of(storage) == "");
    CHECK(number_in(database, "SELECT count(DISTINCT lane) FROM approvekit.approvekit_audit") > 1);
    const ArchiveResult second = storage.archive(order_of(storage, folder / "second"));
    REQUIRE(second.anchor);
    CHECK(second.anchor->before == first.anchor->hash);
    CHECK(second.removed == 160);
    CHECK(fault_of(storage) == "");
    AuditReport report = storage.verify_audit({}, old.sequence);
    CHECK(old.objection(report));
    CHECK(read(folder / "first", old.sequence, report.marked).audit.intact());
    CHECK_FALSE(old.objection(report));
    CHECK(read(folder / "second", 0, report.marked).audit.intact());
}

TEST_CASE("G8 a byte of an archive of several lanes that was changed is found") {
    const ScratchPostgres database;
    const TemporaryDirectory folder;
    write_at_once(database, 3);
    PostgresStorage storage(database.connection());
    REQUIRE(storage.archive(order_of(storage, folder / "first")).anchor);
    std::string text;
    {
        std::ifstream in(folder / "first", std::ios::binary);
        text.assign(std::istreambuf_iterator<char>(in), {});
    }
    const auto is_intact = [](const std::string& changed) {
        std::istringstream in(changed);
        return verify_archive(in).audit.intact();
    };
    REQUIRE(is_intact(text));
    for (std::size_t at = 0; at < text.size(); at += 11) {
        std::string changed = text;
        changed[at] = changed[at] == '1' ? '2' : '1';
        if (changed != text) CHECK_FALSE(is_intact(changed));
    }
}

TEST_CASE("G8 an entry that an archive made, and joins all lanes, is missed where it was removed") {
    const ScratchPostgres database;
    const TemporaryDirectory folder;
    write_at_once(database, 5);
    PostgresStorage storage(database.connection());
    REQUIRE(storage.archive(order_of(storage, folder / "first")).anchor);
    write_at_once(database, 2);
    CHECK(number_in(database, "SELECT count(*) FROM approvekit.approvekit_audit WHERE lane IS NULL") == 1);
    database.run("DELETE FROM approvekit.approvekit_audit WHERE lane IS NULL");
    CHECK_THAT(fault_of(storage), Catch::Matchers::ContainsSubstring("it does not follow from the entry before it"));
}

TEST_CASE("G8 an archive waits for an entry whose place is among those that it takes") {
    const ScratchPostgres database;
    const TemporaryDirectory folder;
    PostgresStorage storage(database.connection());
    SlowWriter slow(database);
    write_at_once(database, 3);
    ArchiveOrder order = order_of(storage, folder / "first");
    auto archived = std::async(std::launch::async, [&] { return storage.archive(order); });
    CHECK(archived.wait_for(std::chrono::milliseconds(200)) == std::future_status::timeout);
    slow.write();
    const ArchiveResult result = archived.get();
    REQUIRE(result.anchor);
    CHECK(result.anchor->entries == 25);
    CHECK(fault_of(storage) == "");
    std::string marked;
    CHECK(read(folder / "first", slow.place(), marked).audit.intact());
    CHECK_FALSE(marked.empty());
}

TEST_CASE("G8 somebody who is about to write while an archive is made is behind it") {
    const ScratchPostgres database;
    const TemporaryDirectory folder;
    write_at_once(database, 3);
    PostgresStorage storage(database.connection());
    PostgresStorage other(database.connection());
    ArchiveOrder order = order_of(storage, folder / "first");
    int written = 0;
    order.progress = [&](std::int64_t) {
        static_cast<void>(testing::started_call(other));
        ++written;
    };
    const ArchiveResult result = storage.archive(order);
    REQUIRE(result.anchor);
    CHECK(result.anchor->entries == 24);
    CHECK(written > 3);
    CHECK(fault_of(storage) == "");
    CHECK(storage.verify_audit().entries == written + 1);
}

TEST_CASE("G8 a record with lanes goes on in a file, on a server with other lanes, and on one without") {
    const TemporaryDirectory folder;
    const ScratchPostgres eight;
    const ScratchPostgres three(3);
    const ScratchPostgres one(1);
    const auto goes_on_from = [](Storage& from, Storage& to) {
        const AuditReport copied = copy_record(from, to);
        CHECK(to.verify_audit().head == copied.head);
        CHECK(fault_of(to) == "");
    };
    write_at_once(eight, 10);
    {
        PostgresStorage from(eight.connection());
        PostgresStorage to(three.connection());
        goes_on_from(from, to);
    }
    write_at_once(three, 10);
    {
        PostgresStorage from(three.connection());
        CHECK(fault_of(from) == "");
        SqliteStorage to(folder / "file.db");
        goes_on_from(from, to);
        static_cast<void>(testing::started_call(to));
    }
    const ScratchPostgres again;
    {
        SqliteStorage from(folder / "file.db");
        CHECK(fault_of(from) == "");
        PostgresStorage to(again.connection());
        goes_on_from(from, to);
    }
    write_at_once(again, 10);
    {
        PostgresStorage from(again.connection());
        CHECK(fault_of(from) == "");
        PostgresStorage to(one.connection());
        goes_on_from(from, to);
    }
    write_at_once(one, 10);
    PostgresStorage last(one.connection());
    CHECK(fault_of(last) == "");
    CHECK(number_in(one, "SELECT count(*) FROM approvekit.approvekit_audit WHERE lane IS NULL") > 80);
}

TEST_CASE("G8 a record that ends with another program's entry behind lanes goes on in lanes") {
    const TemporaryDirectory folder;
    const ScratchPostgres from_lanes;
    write_at_once(from_lanes, 3);
    {
        PostgresStorage from(from_lanes.connection());
        SqliteStorage to(folder / "file.db", {.sharing = Sharing::open});
        static_cast<void>(copy_record(from, to));
    }
    as_other_program(folder / "file.db")
        .exec(
            "INSERT INTO audit_log VALUES('theirs', 'r', 'tool', '{}', 'approved', '2020-01-31T09:05:00.000000', "
            "NULL, '{}')");
    const ScratchPostgres database(GENERATE(1, 8));
    copy_and_go_on(folder / "file.db", database);
    PostgresStorage storage(database.connection());
    CHECK(fault_of(storage) == "");
    REQUIRE(storage.archive(order_of(storage, folder / "first")).anchor);
    CHECK(fault_of(storage) == "");
}

TEST_CASE(
    "G8 what another program wrote in a file is missed on a server where it was removed before entries in lanes") {
    const TemporaryDirectory folder;
    {
        SqliteStorage file(folder / "file.db", {.sharing = Sharing::open});
        testing::ended_call(file);
    }
    for (const char* const id : {"one", "other"}) {
        as_other_program(folder / "file.db")
            .exec(std::string("INSERT INTO audit_log VALUES('") + id +
                  "', 'r', 'tool', '{}', 'approved', '2020-01-31T09:05:00.000000', NULL, '{}')");
    }
    const ScratchPostgres database;
    copy_and_go_on(folder / "file.db", database);
    PostgresStorage storage(database.connection());
    REQUIRE(fault_of(storage) == "");
    database.run("DELETE FROM approvekit.approvekit_audit WHERE hash IS NULL AND seq > $1",
                 GENERATE(std::int64_t{0}, std::int64_t{3}));
    CHECK(fault_of(storage) != "");
}
