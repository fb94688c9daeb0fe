#include "record/contract/sql_engine.hpp"

#include <map>

namespace approvekit::contract {

std::optional<Row> SqlEngine::row(const std::string& id) {
    const Values found =
        run("SELECT tool_name, tool_args, status, created_at, reviewed_at, reviewer_notes, metadata FROM " + schema_ +
                "approval_requests WHERE id = $1",
            {id});
    if (found.empty()) return std::nullopt;
    return Row{.tool_name = found.at(0).value_or(""),
               .tool_args = found.at(1).value_or(""),
               .status = found.at(2).value_or(""),
               .created_at = found.at(3).value_or(""),
               .reviewed_at = found.at(4),
               .reviewer_notes = found.at(5),
               .metadata = found.at(6).value_or("")};
}

std::string SqlEngine::statement_of(Write how) const {
    const std::string table = schema_ + "approval_requests";
    const std::string changes =
        "tool_name = $2, tool_args = $3, status = $4, created_at = $5, reviewed_at = $6, reviewer_notes = $7, metadata "
        "= $8";
    if (how == Write::update) return "UPDATE " + table + " SET " + changes + " WHERE id = $1";
    const std::string into =
        " INTO " + table +
        "(id, tool_name, tool_args, status, created_at, reviewed_at, reviewer_notes, metadata) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7, $8)";
    return how == Write::insert ? "INSERT" + into : replacing(into, changes);
}

void SqlEngine::write(const std::string& id, const Row& row, Write how) {
    run(statement_of(how), {id, row.tool_name, row.tool_args, row.status, row.created_at, row.reviewed_at,
                            row.reviewer_notes, row.metadata});
}

void SqlEngine::remove(const std::string& id) {
    run("DELETE FROM " + schema_ + "approval_requests WHERE id = $1", {id});
}

void SqlEngine::set_view_digest(const std::string& id, const std::string& digest) {
    run("UPDATE " + schema_ + "approvekit_requests SET view_digest = $2 WHERE request_id = $1", {id, digest});
}

void SqlEngine::move_to_earlier_boot(const std::string& id) {
    run("UPDATE " + schema_ + "approvekit_requests SET boot_id = 'an earlier boot' WHERE request_id = $1", {id});
}

void SqlEngine::forget(const std::string& id) {
    run("DELETE FROM " + schema_ + "approvekit_requests WHERE request_id = $1", {id});
}

void SqlEngine::add_decision(const record::StoredDecision& stored) {
    add("approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, entry_id) VALUES "
        "($1, "
        "$2, $3, $4, $5, $6, $7, $8)",
        stored);
}

void SqlEngine::add_vote(const record::StoredDecision& vote) {
    add("approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, entry_id, shown) VALUES "
        "($1, "
        "$2, $3, $4, $5, $6, $7, $8, 'whole')",
        vote);
}

void SqlEngine::add(const std::string& into, const record::StoredDecision& stored) {
    const Decision& decision = stored.decision;
    run("INSERT INTO " + schema_ + into,
        {decision.request_id, std::string(to_string(decision.verdict)), decision.reviewer, decision.way, decision.notes,
         stored.decided_at, decision.view_digest, stored.entry_id});
}

void SqlEngine::remove_votes(const std::string& reviewer) {
    run("DELETE FROM " + schema_ + "approvekit_votes WHERE reviewer = $1", {reviewer});
}

void SqlEngine::forge_stop(const std::string& id, StopRow row) {
    const std::string table = schema_ + "approvekit_stops";
    const std::string update = "UPDATE " + table + " SET ";
    const std::map<StopRow, std::string> changes{
        {StopRow::removed, "DELETE FROM " + table},
        {StopRow::said_to_be_lifted, update + "ended_at = since, ended_by = reviewer, ended_way = way"},
        {StopRow::lifted_by_nobody, update + "ended_at = '', ended_by = '', ended_way = ''"},
        {StopRow::narrowed, update + "tool = 'nothing'"}};
    run(changes.at(row) + " WHERE stop_id = $1", {id});
}

void SqlEngine::forge_use(const std::string& start, UseRow row) {
    const std::string table = schema_ + "approvekit_uses";
    const std::string update = "UPDATE " + table + " SET ";
    const std::map<UseRow, std::string> changes{
        {UseRow::removed, "DELETE FROM " + table},
        {UseRow::made_less, update + "amount = amount - 1, total = total - 1"},
        {UseRow::moved_back, update + "at = at - 1"},
        {UseRow::moved_ahead, update + "at = at + 7200000000"},
        {UseRow::given_back, update + "total = total - amount, amount = 0, was_given_back = true"},
        {UseRow::copied, "INSERT INTO " + table +
                             "(limit_id, bucket, start, at, amount, total) SELECT limit_id, bucket, start, at, amount, "
                             "total + amount FROM " +
                             table},
        {UseRow::put_elsewhere, update + "bucket = 'another'"},
        {UseRow::total_made_less, update + "total = total - 1"}};
    run(changes.at(row) + " WHERE start = $1", {start});
}

void SqlEngine::forge_grant(const std::string& id, GrantRow row) {
    const std::string table = schema_ + "approvekit_grants";
    const std::string update = "UPDATE " + table + " SET ";
    const std::string of_grant = " WHERE request_id = $1";
    const std::map<GrantRow, std::string> changes{
        {GrantRow::removed, "DELETE FROM " + table + of_grant},
        {GrantRow::taken_away, update + "request_id = 'kept'" + of_grant},
        {GrantRow::put_back, update + "request_id = $1 WHERE request_id = 'kept'"},
        {GrantRow::prolonged, update + "until = '2100-01-01T00:00:00.000000'" + of_grant},
        {GrantRow::for_another_agent, update + "agent = 'another'" + of_grant},
        {GrantRow::not_revoked, update + "revoked_at = NULL, revoked_by = NULL, revoked_way = NULL" + of_grant},
        {GrantRow::said_to_be_revoked,
         update + "revoked_at = since, revoked_by = 'ann', revoked_way = 'web'" + of_grant},
        {GrantRow::uses_removed, "DELETE FROM " + schema_ + "approvekit_grant_uses WHERE grant_id = $1"}};
    run(changes.at(row), {id});
}

}  // namespace approvekit::contract
