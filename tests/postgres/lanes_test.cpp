// A record whose audit has several lanes.
#include "approvekit/checkpoint.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/audit_table.hpp"
#include "postgres/lane_writers.hpp"
#include "postgres/scratch_postgres.hpp"
#include "record/exported_audit.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <cstdint>
#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using testing::number_in;
using testing::ScratchPostgres;
using testing::write_at_once;

namespace {

constexpr int lanes = 8;

AuditPage oldest(PostgresStorage& storage, const std::string& cursor = "") {
    return storage.audit({.request_id = {}, .limit = 50, .cursor = cursor, .oldest_first = true, .settled = true});
}

record::AuditRecord cancelled_call(const std::string& id) {
    record::AuditRecord record;
    record.entry_id = id;
    record.request_id = id;
    record.event = AuditEvent::cancelled;
    record.tool_name = "read";
    record.timestamp = "2020-01-01T00:00:00.000000";
    return record;
}

/// Whether a transaction waits for a lock of another.
bool is_anybody_waiting(const ScratchPostgres& database) {
    return number_in(database,
                     "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
                     "current_database()") > 0;
}

/// Removes the entry that the condition selects, as a user who may do everything.
void remove(const ScratchPostgres& database, const std::string& where) {
    const std::int64_t place = number_in(database, "SELECT seq FROM approvekit.approvekit_audit WHERE " + where);
    database.run(
        "DELETE FROM approvekit.audit_log WHERE id = (SELECT entry_id FROM approvekit.approvekit_audit WHERE "
        "seq = $1)",
        place);
    database.run("DELETE FROM approvekit.approvekit_audit WHERE seq = $1", place);
}

/// Lets each writer hold its lane for that long after it wrote.
void slow_down_writers(const ScratchPostgres& database, const std::string& seconds) {
    database.script(
        "CREATE FUNCTION public.take_long() RETURNS trigger AS $$BEGIN PERFORM pg_sleep(" + seconds +
        "); RETURN NULL; END$$ LANGUAGE plpgsql; CREATE TRIGGER take_long AFTER INSERT ON approvekit.approvekit_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION public.take_long()");
}

}  // namespace

TEST_CASE("G8 what four agents write at once into eight lanes is intact, and so is its export") {
    const ScratchPostgres database(lanes);
    write_at_once(database, 50);
    PostgresStorage storage(database.connection());
    const AuditReport report = storage.verify_audit();
    CHECK(report.intact());
    CHECK(report.entries == 400);
    CHECK(number_in(database, "SELECT count(DISTINCT lane) FROM approvekit.approvekit_audit") > 1);
    record::ExportedAudit exported;
    AuditPage page;
    do {
        page = oldest(storage, page.next);
        for (const AuditEntry& entry : page.entries)
            REQUIRE(exported.follow(record::export_line(entry)));
    } while (!page.next.empty());
    CHECK(exported.report().head == report.head);
}

TEST_CASE("G8 a checkpoint covers the ends of all lanes") {
    const ScratchPostgres database(lanes);
    write_at_once(database, 10);
    PostgresStorage storage(database.connection());
    const Checkpoint kept = Checkpoint::of(storage.verify_audit(), storage.now());
    const auto objection = [&] { return kept.objection(storage.verify_audit({}, kept.sequence)); };
    SECTION("what is written later changes nothing") {
        write_at_once(database, 10);
        CHECK_FALSE(objection());
    }
    SECTION("the end of one lane is missing") {
        remove(database,
               "seq = (SELECT min(last) FROM (SELECT max(seq) AS last FROM approvekit.approvekit_audit GROUP "
               "BY lane) AS ends)");
        CHECK(objection());
    }
}

TEST_CASE("G8 an entry that was removed from within a lane is found") {
    const ScratchPostgres database(lanes);
    write_at_once(database, 20);
    remove(database,
           "seq = (SELECT min(a.seq) FROM approvekit.approvekit_audit a WHERE EXISTS (SELECT 1 FROM "
           "approvekit.approvekit_audit b WHERE b.lane = a.lane AND b.seq > a.seq))");
    CHECK_FALSE(PostgresStorage(database.connection()).verify_audit().intact());
}

TEST_CASE("a writer takes a lane that nobody has, and waits for no other") {
    const ScratchPostgres database(lanes);
    postgres::Connection slow{postgres::Target(database.connection())};
    slow.queue("BEGIN");
    slow.rows("SELECT 1 FROM approvekit.approvekit_chain WHERE lane <> 5 FOR UPDATE");
    PostgresStorage storage(database.connection());
    static_cast<void>(testing::started_call(storage));
    CHECK(storage.audit({}).entries.front().lane == 5);
    slow.rows("ROLLBACK");
}

TEST_CASE("whoever waits for all lanes lets others write in those that are free") {
    const ScratchPostgres database(lanes);
    PostgresStorage::Options options;
    options.busy_timeout = std::chrono::minutes(1);
    PostgresStorage storage(database.connection(), options);
    const std::string call = testing::started_call(storage);
    postgres::Connection slow{postgres::Target(database.connection())};
    slow.queue("BEGIN");
    slow.rows("SELECT 1 FROM approvekit.approvekit_chain WHERE lane > 4 FOR UPDATE");
    auto hold = std::async(std::launch::async, [&] { return storage.hold(call, "a test", "ana", "terminal"); });
    CHECK(eventually([&] { return is_anybody_waiting(database); }));
    PostgresStorage other(database.connection());
    for (int count = 0; count < 3; ++count)
        CHECK_FALSE(testing::started_call(other).empty());
    CHECK(hold.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
    slow.rows("COMMIT");
    CHECK(hold.get().subject == call);
    CHECK(storage.verify_audit().intact());
}

TEST_CASE("who needs all lanes gets them though more writers than that write slowly and without a pause") {
    const int count = GENERATE(1, lanes);
    const ScratchPostgres database(count);
    PostgresStorage::Options options;
    options.busy_timeout = std::chrono::minutes(1);
    PostgresStorage storage(database.connection(), options);
    const std::string call = testing::started_call(storage);
    slow_down_writers(database, count == 1 ? "0.02" : "0.1");
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 12; ++writer) {
        writers.emplace_back([&](const std::stop_token& stop) {
            PostgresStorage other(database.connection(), options);
            while (!stop.stop_requested())
                static_cast<void>(testing::started_call(other));
        });
    }
    CHECK(eventually([&] { return is_anybody_waiting(database); }));
    CHECK(storage.hold(call, "a test", "ana", "terminal").subject == call);
}

TEST_CASE("G8 a single writer uses all lanes, so that none of them keeps an end to which an old entry could be added") {
    const ScratchPostgres database(lanes);
    PostgresStorage storage(database.connection());
    // In one of fifty thousand million runs it does not choose one of them.
    for (int count = 0; count < 200; ++count)
        static_cast<void>(testing::started_call(storage));
    CHECK(number_in(database, "SELECT count(DISTINCT lane) FROM approvekit.approvekit_audit") == lanes);
}

TEST_CASE("G8 lanes need not be numbered from 0, and nobody writes in one without its lock") {
    const ScratchPostgres database(lanes);
    database.run("UPDATE approvekit.approvekit_chain SET lane = lane + 1000");
    postgres::Connection slow{postgres::Target(database.connection())};
    slow.queue("BEGIN");
    slow.rows("SELECT 1 FROM approvekit.approvekit_chain FOR UPDATE");
    PostgresStorage storage(database.connection());
    auto start = std::async(std::launch::async, [&] { return testing::started_call(storage); });
    CHECK(start.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout);
    slow.rows("COMMIT");
    CHECK_FALSE(start.get().empty());
    CHECK(number_in(database, "SELECT min(lane) FROM approvekit.approvekit_audit") >= 1000);
    CHECK(storage.verify_audit().intact());
}

TEST_CASE("G8 a writer whose lane somebody takes away while it waits for it writes nothing") {
    const ScratchPostgres database(1);  // of several lanes it would choose another after a while
    PostgresStorage storage(database.connection());
    postgres::Connection slow{postgres::Target(database.connection())};
    slow.queue("BEGIN");
    SECTION("renumbered") {
        slow.rows("UPDATE approvekit.approvekit_chain SET lane = lane + 1000");
    }
    SECTION("removed") {
        slow.rows("DELETE FROM approvekit.approvekit_chain");
    }
    auto start = std::async(std::launch::async, [&] { return testing::started_call(storage); });
    REQUIRE(eventually([&] { return is_anybody_waiting(database); }));
    slow.rows("COMMIT");
    CHECK(error_code_of([&] { static_cast<void>(start.get()); }) == ErrorCode::storage_corrupt);
    CHECK(number_in(database, "SELECT count(*) FROM approvekit.approvekit_audit") == 0);
}

TEST_CASE("G8 whoever owns the ends of all lanes writes in none, even after an entry in one") {
    const ScratchPostgres database(lanes);
    write_at_once(database, 3);
    postgres::Connection server{postgres::Target(database.connection())};
    server.queue("BEGIN");
    postgres::AuditTable audit({server, true});
    for (const char* const id : {"in a lane", "in none"}) {
        audit.append(cancelled_call(id));
        audit.write_out();
        audit.own_end();
    }
    server.rows("COMMIT");
    write_at_once(database, 3);
    CHECK(number_in(database,
                    "SELECT count(*) FROM approvekit.approvekit_audit WHERE lane IS NULL AND entry_id = 'in none'") ==
          1);
    CHECK(number_in(database, "SELECT count(*) FROM approvekit.approvekit_audit WHERE lane IS NULL") == 1);
    CHECK(PostgresStorage(database.connection()).verify_audit().intact());
}

TEST_CASE("an export reads no further than nothing can come any more, and nobody else waits with it") {
    const ScratchPostgres database(lanes);
    PostgresStorage storage(database.connection());
    postgres::Connection slow{postgres::Target(database.connection())};
    slow.queue("BEGIN");
    slow.queue("SELECT 1 FROM approvekit.approvekit_chain WHERE lane = 0 FOR UPDATE");
    slow.rows("SELECT nextval('approvekit.approvekit_places')");
    static_cast<void>(testing::started_call(storage));
    auto page = std::async(std::launch::async, [&] { return oldest(storage); });
    auto report = std::async(std::launch::async, [&] { return storage.verify_audit(); });
    CHECK(page.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout);
    AuditQuery oldest_of_call{.request_id = {}, .limit = 50, .cursor = {}, .oldest_first = true};
    CHECK(storage.audit(oldest_of_call).entries.size() == 1);
    CHECK(storage.audit({}).entries.size() == 1);
    CHECK(report.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
    slow.rows("COMMIT");
    CHECK(page.get().entries.size() == 1);
    CHECK(report.get().intact());
}

TEST_CASE("G8 behind an entry in a place that was not its turn nothing is written") {
    const ScratchPostgres database(lanes);
    PostgresStorage storage(database.connection());
    const std::string call = testing::started_call(storage);
    // The role of agents may do that too.
    database.run(
        "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event) VALUES (1000000, 'forged', "
        "'forged', 'cancelled')");
    CHECK(error_code_of([&] { static_cast<void>(testing::started_call(storage)); }) == ErrorCode::storage_corrupt);
    CHECK(error_code_of([&] { static_cast<void>(storage.hold(call, "a test", "ana", "terminal")); }) ==
          ErrorCode::storage_corrupt);
    CHECK(number_in(database, "SELECT count(*) FROM approvekit.approvekit_audit WHERE entry_id <> 'forged'") == 1);
}

TEST_CASE("G8 a check of the record ends though others go on writing") {
    const ScratchPostgres database(lanes);
    write_at_once(database, 3);
    PostgresStorage storage(database.connection());
    PostgresStorage other(database.connection());
    int written = 0;
    const AuditReport report = storage.verify_audit([&](std::int64_t) {
        if (++written > 100) return;
        static_cast<void>(testing::started_call(other));
    });
    CHECK(report.intact());
    CHECK(report.entries == 24);
    CHECK(written > 0);
    CHECK(written < 100);
}

TEST_CASE("a record has 1 to 64 lanes, and 8 unless somebody says otherwise") {
    const ScratchPostgres database;
    CHECK(number_in(database, "SELECT count(*) FROM approvekit.approvekit_chain") == 8);
    for (const int wrong : {0, 65}) {
        CHECK(error_code_of([&] { PostgresStorage::create(database.connection(), wrong); }) ==
              ErrorCode::invalid_option);
    }
}

TEST_CASE("G8 an entry that was moved to another lane, or out of all, is found") {
    const ScratchPostgres database(lanes);
    write_at_once(database, 10);
    PostgresStorage storage(database.connection());
    REQUIRE(storage.verify_audit().intact());
    SECTION("to another lane") {
        database.run("UPDATE approvekit.approvekit_audit SET lane = (lane + 1) % 8 WHERE seq = 20");
    }
    SECTION("to a lane that there is not") {
        database.run(
            "UPDATE approvekit.approvekit_audit SET lane = 100 WHERE seq = (SELECT max(seq) FROM "
            "approvekit.approvekit_audit)");
    }
    SECTION("out of all") {
        database.run(
            "UPDATE approvekit.approvekit_audit SET lane = NULL WHERE seq = (SELECT max(seq) FROM "
            "approvekit.approvekit_audit)");
    }
    SECTION("as though another program had written it") {
        database.run("UPDATE approvekit.approvekit_audit SET hash = NULL WHERE seq = 20");
    }
    CHECK_FALSE(storage.verify_audit().intact());
}
