#include "record/contract/postgres_engine.hpp"

#include "approvekit/postgres_storage.hpp"
#include "support/catch.hpp"
#include "support/forked_child.hpp"

#include <csignal>
#include <string>
#include <utility>

namespace approvekit::contract {

std::unique_ptr<Storage> Postgres::open() {
    PostgresStorage::Options options;
    options.clock = clock;
    return std::make_unique<PostgresStorage>(database_.connection(), options);
}

void Postgres::in_killed_agent(const std::function<void(Storage&)>& work) {
    ForkedChild child([&](const ForkedChild::Report& report) {
        const auto storage = open();
        work(*storage);
        if (database_.wait_for_lock(::getpid())) report();
        ::raise(SIGKILL);
    });
    const ::pid_t process = child.pid();
    child.wait();
    REQUIRE(database_.wait_for_departure(process));
}

void Postgres::while_unwritable(const std::function<void()>& work) {
    database_.script(
        "CREATE OR REPLACE FUNCTION approvekit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "'no space left on device' USING ERRCODE = 'disk_full'; END $$; CREATE TRIGGER refuse BEFORE INSERT OR UPDATE "
        "ON approvekit.approvekit_writers EXECUTE FUNCTION approvekit.refuse()");
    work();
    database_.script("DROP TRIGGER refuse ON approvekit.approvekit_writers");
}

SqlEngine::Values Postgres::run(const std::string& sql, const Values& values) {
    postgres::Statement statement(sql);
    for (const auto& value : values)
        statement.add(value);
    postgres::Rows rows = database_.run(std::move(statement));
    Values row;
    if (!rows.next()) return row;
    for (int column = 0; column < rows.columns(); ++column)
        row.push_back(rows.optional_text(column));
    return row;
}

std::string Postgres::replacing(const std::string& into, const std::string& changes) const {
    return "INSERT" + into + " ON CONFLICT (id) DO UPDATE SET " + changes;
}

}  // namespace approvekit::contract
