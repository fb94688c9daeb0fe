// A record moves from a file to a server and back, with its chain.
#include "approvekit/copy_record.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/scratch_postgres.hpp"
#include "postgres/tables.hpp"
#include "record/copied.hpp"
#include "record/copying.hpp"

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

TEST_CASE("a copy onto a server waits there for as long as the record is checked that it comes from") {
    const TemporaryDirectory directory;
    const ScratchPostgres database;
    SqliteStorage file(directory / "from.db");
    postgres::Connection server{postgres::Target(database.connection())};
    server.queue("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    server.queue("SELECT set_config('idle_in_transaction_session_timeout', '1min', true)");
    postgres::Tables tables(postgres::Access{server, true});
    record::Tables of_record = tables.of_record();
    std::string timeout;
    record::take_all_rows(of_record, [&](const RowTaker& take) {
        postgres::Rows rows = server.rows("SELECT current_setting('idle_in_transaction_session_timeout')");
        if (rows.next()) timeout = rows.text(0);
        return file.give_rows(take);
    });
    server.rows("ROLLBACK");
    CHECK(timeout == "0");
}
