// What counts as committed if a standby must have it first, and what a standby can tell.
#include "approvekit/error.hpp"
#include "approvekit/postgres_storage.hpp"
#include "approvekit/recorded_call.hpp"
#include "postgres/own_server.hpp"
#include "postgres/read_call.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <future>
#include <string>

using namespace approvekit;
using testing::OwnServer;
using testing::read_call;
using testing::ScratchPostgres;

namespace {

/// How to connect to the same database on the standby of that server.
std::string on_standby(const OwnServer& server, const ScratchPostgres& database) {
    const auto servers = postgres::Target(server.connection()).options();
    return "host=" + servers.at("host") + " port=" + servers.at("port") + " user=" + servers.at("user") +
           " target_session_attrs=standby dbname=" + postgres::Target(database.connection()).options().at("dbname");
}

/// From now on, commits wait for a standby with that name; an empty name: for none.
void wait_for_standby(const ScratchPostgres& database, const std::string& name) {
    database.script("ALTER SYSTEM SET synchronous_standby_names = '" + name + "'");
    database.script("SELECT pg_reload_conf()");
    CHECK(eventually([&] {
        postgres::Rows rows = database.run("SELECT current_setting('synchronous_standby_names') = $1", name);
        return rows.next() && rows.flag(0);
    }));
}

/// Cancels whatever waits for a standby. Returns whether the start has ended.
bool is_cancelled(const ScratchPostgres& database, const std::future<std::string>& start) {
    database.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    return start.wait_for(std::chrono::milliseconds(10)) == std::future_status::ready;
}

}  // namespace

TEST_CASE("G4 a start is not taken for recorded when somebody cancels the wait of its commit for a standby") {
    const OwnServer server;
    const ScratchPostgres database(server.connection(), 1);
    PostgresStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds(200);
    PostgresStorage storage(database.connection(), options);
    static_cast<void>(storage.record_intent(read_call));
    wait_for_standby(database, "absent");
    auto start = std::async(std::launch::async, [&] { return storage.record_intent(read_call); });
    CHECK(eventually([&] { return is_cancelled(database, start); }));
    wait_for_standby(database, "");
    CHECK_THROWS_AS(start.get(), StorageError);
    storage.flush();
    CHECK(storage.verify_audit().intact());
}

TEST_CASE("G4 a start is not taken for recorded either where the role asks for no warnings") {
    const OwnServer server;
    const ScratchPostgres database(server.connection(), 1);
    database.script(
        "DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET client_min_messages = error', current_user); END $$");
    PostgresStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds(200);
    PostgresStorage storage(database.connection(), options);
    static_cast<void>(storage.record_intent(read_call));
    wait_for_standby(database, "absent");
    auto start = std::async(std::launch::async, [&] { return storage.record_intent(read_call); });
    CHECK(eventually([&] { return is_cancelled(database, start); }));
    wait_for_standby(database, "");
    CHECK_THROWS_AS(start.get(), StorageError);
}

TEST_CASE("G6 an agent shows its life while its commits wait for a standby") {
    const OwnServer server;
    const ScratchPostgres database(server.connection(), 1);
    PostgresStorage storage(database.connection());
    static_cast<void>(storage.record_intent(read_call));
    storage.flush();
    wait_for_standby(database, "absent");
    const auto last_seen = [&] { return database.run("SELECT max(seen_at)::text FROM approvekit.approvekit_writers"); };
    postgres::Rows before = last_seen();
    REQUIRE(before.next());
    CHECK(eventually([&] {
        postgres::Rows now = last_seen();
        return now.next() && now.bytes(0) > before.bytes(0);
    }));
    wait_for_standby(database, "");
}

TEST_CASE("a standby shows entries, and does not verify or export several lanes, whose completeness it cannot tell") {
    const OwnServer server;
    const ScratchPostgres database(server.connection(), 8);
    PostgresStorage storage(database.connection());
    static_cast<void>(storage.record_intent(read_call));
    storage.flush();
    server.add_standby();
    PostgresStorage follower(on_standby(server, database));
    CHECK(eventually([&] { return follower.audit({}).entries.size() == 1; }));
    const AuditEntry entry = follower.audit({}).entries.front();
    CHECK(find_call(follower, entry.sequence)->decision.id == entry.id);
    AuditQuery query{.request_id = {}, .limit = 50, .cursor = {}, .oldest_first = true};
    CHECK(follower.audit(query).entries.size() == 1);
    query.settled = true;
    CHECK(error_code_of([&] { static_cast<void>(follower.audit(query)); }) == ErrorCode::storage_read_only);
    CHECK(error_code_of([&] { static_cast<void>(follower.verify_audit()); }) == ErrorCode::storage_read_only);
}
