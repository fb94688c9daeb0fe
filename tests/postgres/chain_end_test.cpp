// How the end of the audit is found, however many entries there are.
#include "postgres/chain_end.hpp"

#include "postgres/connection.hpp"
#include "postgres/failure.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <string>

using namespace approvekit;
using testing::ScratchPostgres;

namespace {

constexpr int entries_in_lanes = 20'000;
constexpr std::chrono::milliseconds wait{50};

/// Fills the audit with entries in the lanes that the SQL says for place `n`. Their hashes are not those of a chain.
void fill(const ScratchPostgres& database, const std::string& lane) {
    const std::string count = std::to_string(entries_in_lanes);
    database.script(
        "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event, hash, lane) SELECT n, 'entry ' || "
        "n, 'auto', 'executed', decode(repeat('00', 32), 'hex'), (" +
        lane + ")::bigint FROM generate_series(1, " + count + ") AS n; SELECT setval('approvekit.approvekit_places', " +
        count + "); ANALYZE approvekit.approvekit_audit");
}

/// Returns how many entries the connection has read.
std::int64_t entries_read(postgres::Connection& server) {
    postgres::Rows rows = server.rows(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = "
        "'approvekit_audit'");
    return rows.next() ? rows.integer(0) : 0;
}

/// Returns how many entries the server reads to find the end.
template <typename Lock>
std::int64_t reads_of(const ScratchPostgres& database, Lock lock) {
    postgres::Connection server{postgres::Target(database.connection())};
    server.queue("BEGIN");
    const std::int64_t before = entries_read(server);
    lock(server);
    const std::int64_t reads = entries_read(server) - before;
    server.rows("ROLLBACK");
    return reads;
}

}  // namespace

TEST_CASE("the end of one chain is found without a search") {
    const ScratchPostgres database(1);
    fill(database, "NULL");
    const auto find_end = [](postgres::Connection& server) {
        CHECK(postgres::lock_a_lane(server, wait).head.sequence == entries_in_lanes);
    };
    CHECK(reads_of(database, find_end) < 10);
}

TEST_CASE("the end of each lane is found without a search, however old it is") {
    const ScratchPostgres database(8);
    fill(database, "CASE WHEN n = 5 THEN NULL WHEN n <= 40 THEN n % 8 ELSE 0 END");
    const auto find_end = [](postgres::Connection& server) {
        CHECK(postgres::lock_a_lane(server, wait).head.sequence == entries_in_lanes);
    };
    for (int lane = 0; lane < 8; ++lane) {
        CAPTURE(lane);
        postgres::Connection others{postgres::Target(database.connection())};
        others.queue("BEGIN");
        others.rows("SELECT 1 FROM approvekit.approvekit_chain WHERE lane <> $1 FOR UPDATE", std::int64_t{lane});
        CHECK(reads_of(database, find_end) < 10);
        others.rows("ROLLBACK");
    }
    const auto find_all = [](postgres::Connection& server) {
        CHECK_FALSE(postgres::lock_all_lanes(server, wait).lane);
    };
    CHECK(reads_of(database, find_all) < 40);
}

TEST_CASE("what takes long to read is read before all lanes are locked") {
    const ScratchPostgres database(8);
    fill(database, "CASE WHEN n = 15000 THEN NULL ELSE n % 8 END");
    database.run("UPDATE approvekit.approvekit_audit SET hash = NULL WHERE seq = 15000");
    postgres::Connection other{postgres::Target(database.connection())};
    other.queue("BEGIN");
    other.rows("SELECT 1 FROM approvekit.approvekit_chain WHERE lane = 7 FOR UPDATE");
    const auto wait_in_vain = [](postgres::Connection& server) {
        server.queue("SET LOCAL lock_timeout = 50");
        server.queue("SAVEPOINT begun");
        CHECK_THROWS_AS(postgres::lock_all_lanes(server, wait), postgres::ServerError);
        server.rows("ROLLBACK TO SAVEPOINT begun");
    };
    CHECK(reads_of(database, wait_in_vain) >= 15000);
    other.rows("ROLLBACK");
}
