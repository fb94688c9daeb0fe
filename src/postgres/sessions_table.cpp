#include "postgres/sessions_table.hpp"

#include "record/run_rows.hpp"

#include <utility>

namespace approvekit::postgres {

std::int64_t SessionsTable::insert(const base::AgentIdentity& agent, const std::string& started_at,
                                   std::int64_t first_entry) {
    Rows rows = access_.connection.rows(
        "INSERT INTO approvekit.approvekit_sessions(boot_id, pid_namespace, pid, start_time, started_at, first_entry) "
        "VALUES ($1, $2, $3, $4, $5, $6) RETURNING number",
        agent.boot_id, agent.pid_namespace, agent.pid, static_cast<std::int64_t>(agent.start_time), started_at,
        first_entry);
    rows.next();
    return rows.integer(0);
}

void SessionsTable::end(std::int64_t number, const std::string& ended_at) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_sessions SET ended_at = $1 WHERE number = $2 AND ended_at IS NULL", ended_at,
        number);
}

void SessionsTable::resume(std::int64_t number) {
    access_.connection.queue("UPDATE approvekit.approvekit_sessions SET ended_at = NULL WHERE number = $1", number);
}

bool SessionsTable::is_open(std::int64_t number) {
    const std::string sql = "SELECT ended_at IS NULL FROM approvekit.approvekit_sessions WHERE number = $1";
    Rows rows = access_.connection.rows(Statement(access_.locks ? sql + " FOR UPDATE" : sql, number));
    return rows.next() && rows.flag(0);
}

std::string SessionsTable::objection(std::int64_t number, std::int64_t sequence) {
    Rows rows = access_.connection.rows("SELECT first_entry < $2 FROM approvekit.approvekit_sessions WHERE number = $1",
                                        number, sequence);
    if (!rows.next()) return "its session " + std::to_string(number) + " is not on record";
    return rows.flag(0) ? "" : "its session " + std::to_string(number) + " began later";
}

std::optional<AgentSession> SessionsTable::find(std::int64_t number) {
    Rows rows = access_.connection.rows(
        "SELECT started_at, ended_at FROM approvekit.approvekit_sessions WHERE number = $1", number);
    return record::read_first(std::move(rows), [&](const Rows& row) { return record::read_session(row, number); });
}

}  // namespace approvekit::postgres
