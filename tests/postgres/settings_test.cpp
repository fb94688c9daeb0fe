// Servers, databases and roles whose settings are not the usual ones.
#include "approvekit/postgres_storage.hpp"
#include "postgres/scratch_postgres.hpp"

#include <string>

using namespace approvekit;
using testing::ScratchPostgres;

namespace {

const Intent intent{"read", "{}", "{}", "auto-approved by policy", "test"};

/// For connections to the database that are made from now on.
void set(const ScratchPostgres& database, const std::string& setting) {
    database.script("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET " + setting + "', current_database()); END $$");
}

}  // namespace

TEST_CASE("G8 the chain holds where the server shows bytes in its older form") {
    const ScratchPostgres database;
    {
        PostgresStorage storage(database.connection());
        static_cast<void>(storage.record_intent(intent));
    }
    set(database, "bytea_output = escape");
    {
        PostgresStorage storage(database.connection());
        static_cast<void>(storage.record_intent(intent));
        CHECK(storage.verify_audit().intact());
    }
    set(database, "bytea_output = hex");
    CHECK(PostgresStorage(database.connection()).verify_audit().intact());
}
