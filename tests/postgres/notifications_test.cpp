// A connection that waits for notifications misses none.
#include "postgres/connection.hpp"
#include "postgres/scratch_postgres.hpp"

#include <chrono>

using namespace approvekit;
using testing::ScratchPostgres;

TEST_CASE("a notification that came with the rows of a statement is told of at once") {
    const ScratchPostgres database;
    postgres::Connection connection{postgres::Target(database.connection())};
    connection.rows("LISTEN approvekit");
    // The server sends it before it reports the end of the statement.
    connection.rows("SELECT pg_notify('approvekit', '')");
    connection.rows("SELECT 1");
    const auto begun = std::chrono::steady_clock::now();
    CHECK(connection.wait_for_notifications(-1, std::chrono::seconds(60)));
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));
    CHECK_FALSE(connection.wait_for_notifications(-1, std::chrono::milliseconds(0)));
}
