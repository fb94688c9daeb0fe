// When the server says that an agent is gone.
#include "approvekit/postgres_storage.hpp"
#include "postgres/engine.hpp"
#include "postgres/locks.hpp"
#include "postgres/own_server.hpp"
#include "postgres/scratch_postgres.hpp"
#include "postgres/writers_table.hpp"
#include "record/ledger.hpp"
#include "support/held_request.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace approvekit;
using testing::OwnServer;
using testing::ScratchPostgres;

namespace {

std::int64_t only_session(const ScratchPostgres& database) {
    postgres::Rows sessions = database.run("SELECT number FROM approvekit.approvekit_sessions WHERE ended_at IS NULL");
    REQUIRE(sessions.next());
    return sessions.integer(0);
}

/// Whether an agent would count as gone whose last heartbeat was a minute ago and whose lock is lost.
bool would_be_gone(const ScratchPostgres& database, std::int64_t session) {
    postgres::Connection other{postgres::Target(database.connection())};
    other.script("BEGIN");
    other.rows(
        "UPDATE approvekit.approvekit_writers SET seen_at = clock_timestamp() - interval '1 minute', locked_since = "
        "NULL "
        "WHERE session = $1",
        session);
    const bool is_gone = postgres::WritersTable::is_gone(other, session);
    other.script("ROLLBACK");
    return is_gone;
}

}  // namespace

TEST_CASE("an agent that could not beat while the server was away is not said to be gone when that is back") {
    const OwnServer server;
    const ScratchPostgres database(server.connection(), 1);
    PostgresStorage storage(database.connection());
    const ApprovalRequest request = held_request(SystemClock());
    storage.submit(request);
    const std::int64_t session = only_session(database);
    server.crash();
    CHECK_FALSE(would_be_gone(database, session));
    CHECK(storage.find(request.id)->status == ApprovalStatus::pending);
}

TEST_CASE("an agent that others forgot, after days without a sign of life, lives again from its next write on") {
    const ScratchPostgres database;
    PostgresStorage storage(database.connection());
    storage.submit(held_request(SystemClock()));
    const std::string session = std::to_string(only_session(database));
    database.script("BEGIN; UPDATE approvekit.approvekit_sessions SET ended_at = started_at WHERE number = " + session +
                    "; DELETE FROM approvekit.approvekit_writers; COMMIT");
    static_cast<void>(storage.record_intent({"read", "{}", "{}", "auto-approved by policy", "test"}));
    postgres::Connection other{postgres::Target(database.connection())};
    CHECK_FALSE(postgres::WritersTable::is_gone(other, only_session(database)));
}

TEST_CASE("an agent that showed its life since it was found gone goes on") {
    const ScratchPostgres database;
    PostgresStorage storage(database.connection());
    const ApprovalRequest request = held_request(SystemClock());
    storage.submit(request);
    const std::int64_t session = only_session(database);
    postgres::RecordClock clock(nullptr, "another boot");
    postgres::Engine engine(postgres::Target(database.connection()), {"another storage", std::chrono::seconds(5)},
                            clock, [](const std::vector<Change>&) {});
    record::Ledger another(engine);
    CHECK(another.sweep({session}) == 0);
    CHECK(storage.find(request.id)->status == ApprovalStatus::pending);
    CHECK(only_session(database) == session);
}

TEST_CASE("a session whose number does not fit into the half of a lock is held by one, and gone without it") {
    const auto number =
        GENERATE(std::int64_t{7}, std::int64_t{1} << 31, (std::int64_t{5} << 32) - 1, (std::int64_t{1} << 62) + 3);
    CAPTURE(number);
    const ScratchPostgres database;
    database.run(
        "INSERT INTO approvekit.approvekit_sessions(number, boot_id, pid_namespace, pid, start_time, started_at, "
        "first_entry) VALUES ($1, 'boot', 'names', 1, 1, '2000-01-01T00:00:00.000000', 0)",
        number);
    database.run(
        "INSERT INTO approvekit.approvekit_writers(writer, session, seen_at, locked_since) VALUES ('w', $1, "
        "clock_timestamp() - interval '10 seconds', pg_postmaster_start_time())",
        number);
    postgres::Connection looking{postgres::Target(database.connection())};
    CHECK(postgres::WritersTable::is_gone(looking, number));
    postgres::Connection holding{postgres::Target(database.connection())};
    holding.rows("SELECT pg_advisory_lock($1, $2)", std::int64_t{postgres::lock_space_of_sessions},
                 postgres::lock_of_session(number));
    CHECK_FALSE(postgres::WritersTable::is_gone(looking, number));
    CHECK(postgres::WritersTable::gone(looking, 0).empty());
}

TEST_CASE("an agent lives in a record that has counted more sessions than 32 bits") {
    const ScratchPostgres database;
    database.run("SELECT setval(pg_get_serial_sequence('approvekit.approvekit_sessions', 'number'), 3000000000)");
    PostgresStorage storage(database.connection());
    const ApprovalRequest request = held_request(SystemClock());
    storage.submit(request);
    CHECK(only_session(database) == 3000000001);
    CHECK(database.wait_for_lock(::getpid()));
    CHECK(PostgresStorage(database.connection()).sweep() == 0);
    CHECK(storage.find(request.id)->status == ApprovalStatus::pending);
}
