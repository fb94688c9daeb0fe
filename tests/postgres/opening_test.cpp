// How a record on a server is created and opened, and by whom.
#include "approvekit/open_storage.hpp"
#include "approvekit/postgres_storage.hpp"
#include "approvekit/use_postgres.hpp"
#include "postgres/change_feed.hpp"
#include "postgres/failure.hpp"
#include "postgres/granted.hpp"
#include "postgres/scratch_postgres.hpp"
#include "postgres/writers_table.hpp"
#include "record/contract/limited.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>

using namespace approvekit;
using testing::ScratchPostgres;

namespace {

std::string text_of_error(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    FAIL("nothing was thrown");
    return {};
}

/// Everything that agents and reviewers do.
void work_with(PostgresStorage& storage) {
    const ApprovalRequest request = held_request(SystemClock());
    storage.submit(request);
    storage.decide(decision_on(request, Verdict::approve));
    RunOutcome outcome;
    outcome.entry_id = storage.claim({request.id, request.view_digest, {}});
    outcome.request_id = request.id;
    outcome.tool_name = request.tool_name;
    outcome.state = RunState::executed;
    storage.finish(outcome);
    storage.flush();
    const Stop stop = storage.stop({"a test", "pay", "*"}, "ana", "terminal");
    static_cast<void>(storage.resume(stop.id, "ana", "terminal"));
    static_cast<void>(contract::Limited::start(storage, contract::use_of(1, 3)));
    const Grant grant = testing::granted_by(storage, 2);
    CHECK_FALSE(contract::Granted::start(storage, grant).empty());
    CHECK(storage.revoke(grant.id, "ana", "terminal").used == 1);
    static_cast<void>(storage.sweep());
    CHECK(storage.verify_audit().intact());
}

}  // namespace

TEST_CASE("a role with the grants that are printed does everything, and changes neither schema nor audit") {
    const ScratchPostgres database;
    database.script("DROP ROLE IF EXISTS \"an agent\"; CREATE ROLE \"an agent\" LOGIN");
    SECTION("of a new record") {}
    SECTION("of one that an earlier build made, which allowed more") {
        database.script(
            "ALTER TABLE approvekit.approvekit_chain DROP COLUMN unused; GRANT UPDATE ON approvekit.approvekit_chain "
            "TO "
            "\"an agent\"");
        CHECK(PostgresStorage::upgrade(database.connection()) == 2);
    }
    database.script(PostgresStorage::grants_for("an agent"));
    const std::string as_agent = database.connection().substr(0, database.connection().find("user=")) +
                                 "user='an agent' " +
                                 database.connection().substr(database.connection().find("dbname="));
    {
        PostgresStorage storage(as_agent);
        work_with(storage);
    }
    postgres::Connection agent{postgres::Target(as_agent)};
    postgres::WritersTable::forget_old(agent);
    postgres::ChangeFeed::forget_old(agent);
    for (const char* const forbidden :
         {"UPDATE approvekit.approvekit_audit SET reviewer = 'eve'", "DELETE FROM approvekit.approvekit_audit",
          "UPDATE approvekit.audit_log SET tool_name = 'x'", "DELETE FROM approvekit.approvekit_decisions",
          "UPDATE approvekit.approvekit_votes SET reviewer = 'eve'", "DELETE FROM approvekit.approval_requests",
          "UPDATE approvekit.approvekit_grant_uses SET place = 9", "DELETE FROM approvekit.approvekit_grants",
          "TRUNCATE approvekit.approvekit_audit", "ALTER TABLE approvekit.audit_log ADD COLUMN more text",
          "CREATE TABLE approvekit.more(a int)", "UPDATE approvekit.approvekit_schema SET version = 9",
          "UPDATE approvekit.approvekit_chain SET lane = lane + 1000", "DELETE FROM approvekit.approvekit_chain",
          "INSERT INTO approvekit.approvekit_chain(lane) VALUES (1000)",
          "SELECT setval('approvekit.approvekit_places', 9)"}) {
        CAPTURE(forbidden);
        try {
            agent.rows(forbidden);
            FAIL_CHECK("it may do that");
        } catch (const postgres::ServerError& error) {
            CHECK(error.state() == "42501");
        }
    }
    database.script("DROP OWNED BY \"an agent\"; DROP ROLE \"an agent\"");
}

TEST_CASE("a database without a record is refused, and so is one of another program or a newer release") {
    const ScratchPostgres database;
    SECTION("none") {
        database.script("DROP SCHEMA approvekit CASCADE");
        const std::string text = text_of_error([&] { PostgresStorage storage(database.connection()); });
        CHECK(text.find("approvekit-review database init") != std::string::npos);
    }
    SECTION("one of another program") {
        database.script("DROP SCHEMA approvekit CASCADE; CREATE SCHEMA approvekit; CREATE TABLE approvekit.t(a int)");
        CHECK(error_code_of([&] { PostgresStorage::create(database.connection()); }) == ErrorCode::foreign_database);
        CHECK(error_code_of([&] { PostgresStorage storage(database.connection()); }) == ErrorCode::foreign_database);
    }
    SECTION("a newer one") {
        database.script("UPDATE approvekit.approvekit_schema SET version = 1000");
        CHECK(error_code_of([&] { PostgresStorage storage(database.connection()); }) == ErrorCode::newer_database);
    }
    SECTION("made twice") {
        CHECK(error_code_of([&] { PostgresStorage::create(database.connection()); }) == ErrorCode::foreign_database);
    }
}

TEST_CASE("an upgrade that waits for a long dump gives up, since everybody who writes waits behind it") {
    const ScratchPostgres database;
    database.script("ALTER TABLE approvekit.approvekit_chain DROP COLUMN unused");
    postgres::Connection dump{postgres::Target(database.connection())};
    dump.script("BEGIN; LOCK TABLE approvekit.approvekit_chain IN ACCESS SHARE MODE");
    CHECK(error_code_of([&] { PostgresStorage::upgrade(database.connection()); }) == ErrorCode::storage_busy);
    dump.script("COMMIT");
    CHECK(PostgresStorage::upgrade(database.connection()) == 2);
}

TEST_CASE("an upgrade completes a record of an earlier build, and gives one lane no index for several") {
    const int chains = GENERATE(1, 8);
    const ScratchPostgres database(chains);
    database.script(
        "DROP INDEX IF EXISTS approvekit.approvekit_audit_joined; ALTER TABLE approvekit.approvekit_chain DROP COLUMN "
        "unused");
    for (int count = 0; count < 2; ++count)
        CHECK(PostgresStorage::upgrade(database.connection()) == 2);
    auto index = database.run("SELECT to_regclass('approvekit.approvekit_audit_joined') IS NOT NULL");
    REQUIRE(index.next());
    CHECK(index.flag(0) == (chains > 1));
    auto column = database.run("SELECT unused FROM approvekit.approvekit_chain");
    CHECK(column.count() == chains);
    PostgresStorage storage(database.connection());
    work_with(storage);
}

TEST_CASE("no error shows a password") {
    const std::string secret = "open-sesame";
    for (const std::string& connection :
         {"host=127.0.0.1 port=1 connect_timeout=2 user=a dbname=b password=" + secret,
          "postgresql://a:" + secret + "@127.0.0.1:1/b", "postgresql://a:" + secret + "@[/b",
          "password=" + secret + " x", "host=127.0.0.1 passwort=" + secret}) {
        CHECK(text_of_error([&] { PostgresStorage storage(connection); }).find(secret) == std::string::npos);
    }
}

TEST_CASE("an address that a password with a slash or an @ tears apart is refused, and shown in no part") {
    for (const std::string address :
         {"postgresql://agents:open/sesame@127.0.0.1/approvals", "postgresql://agents:open@sesame@127.0.0.1/approvals",
          "postgres://agents:1/sesame@127.0.0.1/approvals", "postgresql://agents:open@sesame/x@127.0.0.1/approvals"}) {
        CAPTURE(address);
        CHECK(error_code_of([&] { const PostgresStorage storage(address); }) == ErrorCode::invalid_option);
        const std::string text = text_of_error([&] { const PostgresStorage storage(address); });
        CHECK(text.find("open") == std::string::npos);
        CHECK(text.find("sesame") == std::string::npos);
    }
    CHECK(postgres::Target("postgresql://agents@[::1]:5432,db.lan:5433/approvals").place() ==
          "postgresql://::1,db.lan/approvals");
    CHECK(postgres::Target("postgresql://%2Frun%2Fpostgresql/approvals").place() ==
          "postgresql:///run/postgresql/approvals");
}

TEST_CASE("open_storage takes an address of a server once the program uses PostgreSQL, and no password in it") {
    set_server_opener({});
    CHECK(error_code_of([] { static_cast<void>(open_storage("postgresql://h/d")); }) == ErrorCode::invalid_option);
    use_postgres();
    const std::string secret = "open-sesame";
    for (const std::string& address :
         {"postgresql://a:" + secret + "@h/d", "postgres://h/d?password=" + secret,
          "postgres://h/d?p%61ssword=" + secret, "postgres://h/d?sslmode=disable&passw%6Frd=" + secret,
          "postgres://h/d?sslp%61ssword=" + secret}) {
        const std::string text = text_of_error([&] { static_cast<void>(open_storage(address)); });
        CHECK(text.find(secret) == std::string::npos);
        CHECK(text.find(".pgpass") != std::string::npos);
    }
    for (const char* const address :
         {"postgresql://a:open#sesame@h/d", "postgresql://a:open?sesame@h/d", "postgresql://a:open/sesame@h/d"}) {
        CAPTURE(address);
        const std::string text = text_of_error([&] { static_cast<void>(open_storage(address)); });
        CHECK(text.find("sesame") == std::string::npos);
        CHECK(text.find(".pgpass") != std::string::npos);
    }
    const ScratchPostgres database;
    const auto options = postgres::Target(database.connection()).options();
    const OpenedStorage opened = open_storage("postgresql://" + options.at("user") +
                                              "@127.0.0.1:" + options.at("port") + "/" + options.at("dbname"));
    CHECK_FALSE(opened.created);
    CHECK(opened.storage->list({}).requests.empty());
    OpenOptions shared;
    shared.sharing = Sharing::open;
    CHECK(error_code_of([&] { static_cast<void>(open_storage("postgresql://h/d", shared)); }) ==
          ErrorCode::invalid_option);
}

TEST_CASE("a connection string in words is not taken for a file, and what stands in it is not shown") {
    const std::string secret = "open-sesame";
    for (const std::string& place : {"host=db.lan password=" + secret, "password = '" + secret + "' dbname=d",
                                     "dbname=d " + secret, " user=a passw=" + secret, "service=s " + secret,
                                     "/tmp/passfile=x password=" + secret, "PostgreSQL://a:" + secret + "@h/d"}) {
        CAPTURE(place);
        const std::string text = text_of_error([&] { static_cast<void>(open_storage(place)); });
        CHECK(text.find(secret) == std::string::npos);
        CHECK(text.find("postgresql://USER@HOST/DATABASE") != std::string::npos);
    }
    const TemporaryDirectory folder;
    for (const char* const name : {"hosts.db", "a=b.db", "passwords", "host", "user of a=b"})
        CHECK(open_storage((folder / name).string()).created);
}

TEST_CASE("what no server can keep in a text is kept as the sign for that, and the chain holds") {
    const ScratchPostgres database;
    PostgresStorage storage(database.connection());
    RunOutcome outcome;
    outcome.entry_id = storage.record_intent({"read", "{}", "{}", "auto"});
    outcome.request_id = auto_request_id;
    outcome.tool_name = "read";
    outcome.state = RunState::failed;
    outcome.note = std::string("cut\0here \xff", 10);
    storage.finish(outcome);
    storage.flush();
    CHECK(storage.audit({}).entries.front().reviewer_notes == "cut\xef\xbf\xbdhere \xef\xbf\xbd");
    CHECK(storage.verify_audit().intact());
}
