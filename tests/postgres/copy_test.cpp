// A record moves from a file to a server and back, with its chain.
#include "approvekit/copy_record.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/scratch_postgres.hpp"
#include "record/copied.hpp"

#include <filesystem>
#include <string>

using namespace approvekit;
using testing::CopiedRecord;
using testing::ScratchPostgres;

TEST_CASE("a record that was copied from a file to a server goes on there, and back in a file") {
    const TemporaryDirectory directory;
    const ScratchPostgres database;
    AuditReport before;
    CopiedRecord record;
    {
        SqliteStorage file(directory / "from.db");
        record = CopiedRecord::made_in(file);
    }
    {
        SqliteStorage file(directory / "from.db");
        PostgresStorage server(database.connection());
        before = copy_record(file, server);
        CHECK(server.verify_audit().head == before.head);
    }
    {
        PostgresStorage server(database.connection());
        SqliteStorage back(directory / "back.db");
        const AuditReport there = copy_record(server, back);
        CHECK(there.head == before.head);
        record.check_in(back);
    }
    PostgresStorage server(database.connection());
    record.check_in(server);
}

TEST_CASE("a record is not copied onto a server that has one with something in it") {
    const TemporaryDirectory directory;
    const ScratchPostgres database;
    PostgresStorage server(database.connection());
    static_cast<void>(server.record_intent({"look", "{}", "{}", "allowed", "test"}));
    SqliteStorage file(directory / "from.db");
    CHECK(error_code_of([&] { copy_record(file, server); }) == ErrorCode::foreign_database);
    CHECK(server.verify_audit().entries == 1);
}
