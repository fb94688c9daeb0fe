// If a server refuses to let somebody in, that is reported at once, with advice, and not taken for a server that is
// away.
#include "approvekit/postgres_storage.hpp"
#include "postgres/cluster.hpp"
#include "postgres/failure.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/error_code_of.hpp"

#include <chrono>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using testing::Cluster;
using testing::ScratchPostgres;

namespace {

/// Connects with another role, and not through a pooler, which has messages of its own.
std::string as_role(const std::string& role, const std::string& database) {
    const auto options = postgres::Target(Cluster::shared().connection_to("postgres")).options();
    return "host=127.0.0.1 port=" + options.at("port") + " user=" + role + " dbname=" + database;
}

std::string name_of(const ScratchPostgres& database) {
    postgres::Rows rows = database.run("SELECT current_database()::text");
    REQUIRE(rows.next());
    return rows.text(0);
}

/// The error of opening it, which must have that code.
std::string refusal_of(const std::string& connection, ErrorCode code) {
    try {
        const PostgresStorage storage(connection);
    } catch (const StorageError& error) {
        CHECK(to_string(error.code()) == to_string(code));
        return error.what();
    }
    FAIL("it was opened");
    return {};
}

}  // namespace

TEST_CASE("a role that the server does not know is refused at once, with host, database, user and what to do") {
    const std::string text = refusal_of(as_role("nobody_knows", "postgres"), ErrorCode::storage_refused);
    for (const char* const part : {"127.0.0.1", "database postgres", "user nobody_knows", ".pgpass", "pg_hba.conf"})
        CHECK_THAT(text, ContainsSubstring(part));
}

TEST_CASE("a database that is not there is refused at once, with how to make it") {
    const auto options = postgres::Target(Cluster::shared().connection_to("postgres")).options();
    const std::string text = refusal_of(as_role(options.at("user"), "not_made_yet"), ErrorCode::missing_database);
    CHECK_THAT(text, ContainsSubstring("not_made_yet"));
    CHECK_THAT(text, ContainsSubstring("createdb"));
}

TEST_CASE(
    "while one of two servers is away the other one's refusal is not the last word, since it may be catching up") {
    const auto options = postgres::Target(Cluster::shared().connection_to("postgres")).options();
    const std::string both = "host=127.0.0.1,127.0.0.1 port=1," + options.at("port") + " user=" + options.at("user") +
                             " dbname=not_there_yet";
    PostgresStorage::Options brief;
    brief.busy_timeout = std::chrono::milliseconds{500};
    CHECK(error_code_of([&] { const PostgresStorage storage(both, brief); }) == ErrorCode::storage_io);
}

TEST_CASE("a role that may not connect to the database is refused at once, with what lets it in") {
    const ScratchPostgres database;
    const std::string name = name_of(database);
    database.script("DROP ROLE IF EXISTS kept_out; CREATE ROLE kept_out LOGIN; REVOKE CONNECT ON DATABASE " + name +
                    " FROM PUBLIC");
    CHECK_THAT(refusal_of(as_role("kept_out", name), ErrorCode::storage_refused), ContainsSubstring("GRANT CONNECT"));
    database.script("DROP ROLE kept_out");
}

TEST_CASE("a refusal is told from its code, whatever the server's language, and what passes by itself is none") {
    const std::string where = R"(connection to server at "h" (10.0.0.1), port 5432 failed: )";
    const auto refusal = postgres::refusal_in(where +
                                              "FATAL:  28P01: Passwort-Authentifizierung fehlgeschlagen\n"
                                              "ORT:  auth_failed, auth.c:337\n");
    REQUIRE(refusal);
    CHECK(refusal->state == "28P01");
    CHECK(refusal->message == "Passwort-Authentifizierung fehlgeschlagen");
    for (const char* const passing :
         {"FATAL:  57P03: the database system is starting up\n", "FATAL:  53300: sorry, too many clients already\n",
          "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n",
          "FATAL:  password authentication failed\n", "FATAL:  28P01", ""})
        CHECK_FALSE(postgres::refusal_in(where + passing));
    // Of two hosts, the second one is starting.
    CHECK_FALSE(postgres::refusal_in(where + "FATAL:  28000: no entry\n" + where + "FATAL:  57P03: starting up\n"));
}
