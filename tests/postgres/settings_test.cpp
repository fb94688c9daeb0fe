// Servers, databases and roles with unusual settings.
#include "approvekit/postgres_storage.hpp"
#include "postgres/connection.hpp"
#include "postgres/read_call.hpp"
#include "postgres/scratch_postgres.hpp"
#include "postgres/writers_table.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <future>
#include <string>

using namespace approvekit;
using testing::read_call;
using testing::ScratchPostgres;

namespace {

/// Applies to connections to the database that are made from now on.
void set(const ScratchPostgres& database, const std::string& setting) {
    database.script("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET " + setting + "', current_database()); END $$");
}

}  // namespace

TEST_CASE("G8 the chain holds where the server shows bytes in its older form") {
    const ScratchPostgres database;
    {
        PostgresStorage storage(database.connection());
        static_cast<void>(storage.record_intent(read_call));
    }
    set(database, "bytea_output = escape");
    {
        PostgresStorage storage(database.connection());
        static_cast<void>(storage.record_intent(read_call));
        CHECK(storage.verify_audit().intact());
    }
    set(database, "bytea_output = hex");
    CHECK(PostgresStorage(database.connection()).verify_audit().intact());
}

TEST_CASE("a storage that has no time to wait does not wait for ever") {
    const ScratchPostgres database(1);
    PostgresStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds(0);
    PostgresStorage storage(database.connection(), options);
    postgres::Connection other{postgres::Target(database.connection())};
    other.script("BEGIN; SELECT 1 FROM approvekit.approvekit_chain FOR UPDATE");
    CHECK(error_code_of([&] { static_cast<void>(storage.record_intent(read_call)); }) == ErrorCode::storage_busy);
    other.script("COMMIT");
}

TEST_CASE("an agent shows its life where transactions are serializable or only read by default") {
    const ScratchPostgres database;
    set(database, GENERATE("default_transaction_isolation = serializable", "default_transaction_read_only = on"));
    database.script(
        "BEGIN READ WRITE; INSERT INTO approvekit.approvekit_writers(writer, seen_at) VALUES ('w', '2000-01-01'); "
        "COMMIT");
    postgres::Connection writing{postgres::Target(database.connection())};
    postgres::Connection beating{postgres::Target(database.connection())};
    postgres::WritersTable heart(beating, "w");
    writing.script("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    writing.rows(postgres::WritersTable(writing, "w").note("a commit"));
    // It waits for that transaction, and sees what the transaction changed.
    auto beat = std::async(std::launch::async, [&] { heart.beat(); });
    CHECK(eventually([&] {
        postgres::Rows waiting = database.run(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = "
            "'Lock')");
        return waiting.next() && waiting.flag(0);
    }));
    writing.script("COMMIT");
    CHECK_NOTHROW(beat.get());
}
