#include "record/contract/postgres_engine.hpp"

#include "approvekit/postgres_storage.hpp"
#include "support/forked_child.hpp"

#include <csignal>
#include <map>
#include <string>

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

std::optional<Row> Postgres::row(const std::string& id) {
    postgres::Rows found = database_.run(
        "SELECT tool_name, tool_args, status, created_at, reviewed_at, reviewer_notes, metadata FROM "
        "approvekit.approval_requests WHERE id = $1",
        id);
    if (!found.next()) return std::nullopt;
    return Row{.tool_name = found.text(0),
               .tool_args = found.text(1),
               .status = found.text(2),
               .created_at = found.text(3),
               .reviewed_at = found.optional_text(4),
               .reviewer_notes = found.optional_text(5),
               .metadata = found.text(6)};
}

void Postgres::write(const std::string& id, const Row& row, Write how) {
    const std::string columns = "(id, tool_name, tool_args, status, created_at, reviewed_at, reviewer_notes, metadata)";
    const std::string update =
        "tool_name = $2, tool_args = $3, status = $4, created_at = $5, reviewed_at = $6, reviewer_notes = $7, metadata "
        "= $8";
    const std::string insert =
        "INSERT INTO approvekit.approval_requests" + columns + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const std::map<Write, std::string> statements{
        {Write::update, "UPDATE approvekit.approval_requests SET " + update + " WHERE id = $1"},
        {Write::insert, insert},
        {Write::replace, insert + " ON CONFLICT (id) DO UPDATE SET " + update}};
    database_.run(statements.at(how), id, row.tool_name, row.tool_args, row.status, row.created_at, row.reviewed_at,
                  row.reviewer_notes, row.metadata);
}

void Postgres::remove(const std::string& id) {
    database_.run("DELETE FROM approvekit.approval_requests WHERE id = $1", id);
}

void Postgres::set_view_digest(const std::string& id, const std::string& digest) {
    database_.run("UPDATE approvekit.approvekit_requests SET view_digest = $2 WHERE request_id = $1", id, digest);
}

void Postgres::move_to_earlier_boot(const std::string& id) {
    database_.run("UPDATE approvekit.approvekit_requests SET boot_id = 'an earlier boot' WHERE request_id = $1", id);
}

void Postgres::forget(const std::string& id) {
    database_.run("DELETE FROM approvekit.approvekit_requests WHERE request_id = $1", id);
}

void Postgres::add_decision(const record::StoredDecision& stored) {
    const Decision& decision = stored.decision;
    database_.run(
        "INSERT INTO approvekit.approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
        "view_digest, entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        decision.request_id, to_string(decision.verdict), decision.reviewer, decision.way, decision.notes,
        stored.decided_at, decision.view_digest, stored.entry_id);
}

void Postgres::add_vote(const record::StoredDecision& vote) {
    const Decision& decision = vote.decision;
    database_.run(
        "INSERT INTO approvekit.approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, "
        "entry_id, shown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'whole')",
        decision.request_id, to_string(decision.verdict), decision.reviewer, decision.way, decision.notes,
        vote.decided_at, decision.view_digest, vote.entry_id);
}

void Postgres::remove_votes(const std::string& reviewer) {
    database_.run("DELETE FROM approvekit.approvekit_votes WHERE reviewer = $1", reviewer);
}

void Postgres::forge_stop(const std::string& id, StopRow row) {
    const std::map<StopRow, std::string> changes{
        {StopRow::removed, "DELETE FROM approvekit.approvekit_stops"},
        {StopRow::said_to_be_lifted,
         "UPDATE approvekit.approvekit_stops SET ended_at = since, ended_by = reviewer, ended_way = way"},
        {StopRow::lifted_by_nobody,
         "UPDATE approvekit.approvekit_stops SET ended_at = '', ended_by = '', ended_way = ''"},
        {StopRow::narrowed, "UPDATE approvekit.approvekit_stops SET tool = 'nothing'"}};
    database_.run(changes.at(row) + " WHERE stop_id = $1", id);
}

void Postgres::forge_use(const std::string& start, UseRow row) {
    const std::string update = "UPDATE approvekit.approvekit_uses SET ";
    const std::map<UseRow, std::string> changes{
        {UseRow::removed, "DELETE FROM approvekit.approvekit_uses"},
        {UseRow::made_less, update + "amount = amount - 1, total = total - 1"},
        {UseRow::moved_back, update + "at = at - 1"},
        {UseRow::moved_ahead, update + "at = at + 7200000000"},
        {UseRow::given_back, update + "total = total - amount, amount = 0, was_given_back = true"},
        {UseRow::copied,
         "INSERT INTO approvekit.approvekit_uses(limit_id, bucket, start, at, amount, total) SELECT limit_id, bucket, "
         "start, at, amount, total + amount FROM approvekit.approvekit_uses"},
        {UseRow::put_elsewhere, update + "bucket = 'another'"},
        {UseRow::total_made_less, update + "total = total - 1"}};
    database_.run(changes.at(row) + " WHERE start = $1", start);
}

void Postgres::forge_grant(const std::string& id, GrantRow row) {
    if (row == GrantRow::uses_removed) {
        database_.run("DELETE FROM approvekit.approvekit_grant_uses WHERE grant_id = $1", id);
        return;
    }
    const std::string update = "UPDATE approvekit.approvekit_grants SET ";
    if (row == GrantRow::put_back) {
        database_.run(update + "request_id = $1 WHERE request_id = 'kept'", id);
        return;
    }
    const std::map<GrantRow, std::string> changes{
        {GrantRow::removed, "DELETE FROM approvekit.approvekit_grants"},
        {GrantRow::taken_away, update + "request_id = 'kept'"},
        {GrantRow::prolonged, update + "until = '2100-01-01T00:00:00.000000'"},
        {GrantRow::for_another_agent, update + "agent = 'another'"},
        {GrantRow::not_revoked, update + "revoked_at = NULL, revoked_by = NULL, revoked_way = NULL"},
        {GrantRow::said_to_be_revoked, update + "revoked_at = since, revoked_by = 'ann', revoked_way = 'web'"}};
    database_.run(changes.at(row) + " WHERE request_id = $1", id);
}

}  // namespace approvekit::contract
