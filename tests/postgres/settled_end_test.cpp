// Up to where the entries of several lanes are complete.
#include "postgres/settled_end.hpp"

#include "postgres/lane_writers.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <cstdint>
#include <future>
#include <limits>

using namespace approvekit;
using testing::ScratchPostgres;

namespace {

constexpr std::chrono::milliseconds no_wait{0};
constexpr std::chrono::milliseconds long_wait{60'000};

/// Somebody who is about to write in a lane.
class WritingTransaction {
public:
    explicit WritingTransaction(const ScratchPostgres& database) : server_(postgres::Target(database.connection())) {
        server_.queue("BEGIN");
        server_.rows("SELECT 1 FROM approvekit.approvekit_chain LIMIT 1 FOR UPDATE SKIP LOCKED");
    }
    void end() { server_.rows("COMMIT"); }

private:
    postgres::Connection server_;
};

}  // namespace

TEST_CASE("the entries of one lane are complete, whoever writes") {
    const ScratchPostgres database(1);
    WritingTransaction writing(database);
    postgres::Reader reader(postgres::Target(database.connection()), long_wait);
    CHECK(postgres::settled_end(reader, no_wait) == std::numeric_limits<std::int64_t>::max());
    writing.end();
}

TEST_CASE("the entries of several lanes are complete as far as nobody writes, and nobody waits longer than told") {
    const ScratchPostgres database(8);
    testing::write_at_once(database, 1);
    postgres::Reader reader(postgres::Target(database.connection()), long_wait);
    CHECK(postgres::settled_end(reader, no_wait) ==
          testing::number_in(database, "SELECT max(seq) FROM approvekit.approvekit_audit"));
    WritingTransaction writing(database);
    CHECK(error_code_of([&] { static_cast<void>(postgres::settled_end(reader, no_wait)); }) == ErrorCode::storage_busy);
    writing.end();
}

TEST_CASE("the entries of several lanes are complete once those have ended who wrote before, whoever writes since") {
    const ScratchPostgres database(8);
    WritingTransaction writing(database);
    postgres::Reader reader(postgres::Target(database.connection()), long_wait);
    auto end = std::async(std::launch::async, [&] { return postgres::settled_end(reader, long_wait); });
    CHECK(eventually([&] {
        return testing::number_in(database,
                                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query "
                                  "LIKE '%virtual' || 'transaction FROM pg_locks%' AND state = 'idle'") > 0;
    }));
    WritingTransaction later(database);
    CHECK(end.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
    writing.end();
    CHECK(end.get() == 0);
    later.end();
}

TEST_CASE("whoever waits for writers waits longer than the server does for one that hangs") {
    const ScratchPostgres database(8);
    database.script(
        "CREATE TABLE approvekit.noted(setting text); CREATE FUNCTION approvekit.note() RETURNS trigger LANGUAGE "
        "plpgsql AS 'BEGIN INSERT INTO approvekit.noted VALUES (current_setting(''idle_in_transaction_session_timeout'"
        "')), (current_setting(''statement_timeout'')); RETURN NEW; END'; CREATE TRIGGER note AFTER INSERT ON "
        "approvekit.approvekit_audit FOR EACH ROW EXECUTE FUNCTION approvekit.note()");
    PostgresStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds(7000);
    PostgresStorage storage(database.connection(), options);
    static_cast<void>(testing::started_call(storage));
    const std::chrono::seconds longest{testing::number_in(
        database, "SELECT max(extract(epoch FROM setting::interval))::bigint FROM approvekit.noted")};
    CHECK(longest > options.busy_timeout);
    CHECK(postgres::longest_wait_for_writers(options.busy_timeout) > longest);
}
