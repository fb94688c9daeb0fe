// When the server says of an agent that it is gone.
#include "approvekit/postgres_storage.hpp"
#include "postgres/engine.hpp"
#include "postgres/own_server.hpp"
#include "postgres/scratch_postgres.hpp"
#include "postgres/writers_table.hpp"
#include "record/ledger.hpp"
#include "support/held_request.hpp"

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

/// Whether an agent would be gone whose last beat was a minute ago and whose lock is lost.
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
