#include "postgres/writers_table.hpp"

#include "postgres/locks.hpp"

namespace approvekit::postgres {

namespace {

/// For the open session `s` with its writer `w`. While the server was away nobody could send a heartbeat, so a missing
/// heartbeat means nothing until the same time has passed since the server started.
std::string is_gone_condition() {
    return "(w.writer IS NULL OR (greatest(w.seen_at, pg_postmaster_start_time()) < clock_timestamp() - interval '30 "
           "seconds') OR (w.locked_since = pg_postmaster_start_time() AND w.seen_at < clock_timestamp() - interval "
           "'2500 milliseconds' AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted "
           "AND l.classid = " +
           std::to_string(lock_space_of_sessions) +
           " AND l.objsubid = 2 AND l.objid::bigint = s.number & 4294967295 AND l.database = (SELECT oid FROM "
           "pg_database WHERE datname = current_database()))))";
}

constexpr const char* open_sessions =
    " FROM approvekit.approvekit_sessions s LEFT JOIN approvekit.approvekit_writers w ON w.session = s.number WHERE "
    "s.ended_at IS NULL AND ";

}  // namespace

Statement WritersTable::note(const std::string& commit) const {
    return Statement(
        "INSERT INTO approvekit.approvekit_writers(writer, session, seen_at, last_commit) VALUES ($1, $2, "
        "clock_timestamp(), $3) ON CONFLICT (writer) DO UPDATE SET session = coalesce(excluded.session, "
        "approvekit_writers.session), seen_at = excluded.seen_at, last_commit = excluded.last_commit",
        writer_, session_, commit);
}

bool WritersTable::was_committed(const std::string& commit) {
    Rows rows = connection_.rows(
        "INSERT INTO approvekit.approvekit_writers(writer, seen_at) VALUES ($1, clock_timestamp()) ON CONFLICT "
        "(writer) DO UPDATE SET seen_at = excluded.seen_at RETURNING last_commit = $2",
        writer_, commit);
    return rows.next() && rows.flag(0);
}

void WritersTable::beat() {
    connection_.write_alone(
        Statement("UPDATE approvekit.approvekit_writers SET seen_at = clock_timestamp() WHERE writer = $1", writer_));
}

void WritersTable::bind(std::int64_t session) {
    session_ = session;
    connection_.queue("UPDATE approvekit.approvekit_writers SET session = $2 WHERE writer = $1", writer_, session);
}

void WritersTable::note_lock() {
    connection_.write_alone(
        Statement("UPDATE approvekit.approvekit_writers SET seen_at = clock_timestamp(), locked_since = "
                  "pg_postmaster_start_time() WHERE writer = $1",
                  writer_));
}

void WritersTable::remove() {
    connection_.write_alone(Statement("DELETE FROM approvekit.approvekit_writers WHERE writer = $1", writer_));
}

bool WritersTable::is_gone(Connection& connection, std::int64_t session) {
    Rows rows = connection.rows(Statement("SELECT " + is_gone_condition() + open_sessions + "s.number = $1", session));
    return !rows.next() || rows.flag(0);
}

std::vector<std::int64_t> WritersTable::gone(Connection& connection, std::int64_t own) {
    Rows rows = connection.rows(Statement(std::string("SELECT s.number") + open_sessions + "s.number <> $1 AND " +
                                              is_gone_condition() + " ORDER BY s.number",
                                          own));
    std::vector<std::int64_t> sessions;
    while (rows.next())
        sessions.push_back(rows.integer(0));
    return sessions;
}

void WritersTable::forget_old(Connection& connection) {
    connection.write_alone(Statement(
        "DELETE FROM approvekit.approvekit_writers WHERE writer IN (SELECT w.writer FROM approvekit.approvekit_writers "
        "w WHERE w.seen_at < clock_timestamp() - interval '1 day' AND NOT EXISTS (SELECT 1 FROM "
        "approvekit.approvekit_sessions s WHERE s.number = w.session AND s.ended_at IS NULL) FOR UPDATE SKIP LOCKED)"));
}

}  // namespace approvekit::postgres
