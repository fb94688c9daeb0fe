#include "sqlite/sessions_table.hpp"

#include "record/run_rows.hpp"

namespace approvekit::sqlite {

namespace {

/// The columns of the query for open sessions, in its order.
struct OpenSessionColumn {
    enum : int { number, boot_id, pid_namespace, pid, start_time, first_entry };
};

StoredSession read_open_session(const Rows& row) {
    StoredSession session;
    session.number = row.integer(OpenSessionColumn::number);
    session.agent.boot_id = row.text(OpenSessionColumn::boot_id);
    session.agent.pid_namespace = row.text(OpenSessionColumn::pid_namespace);
    session.agent.pid = row.integer(OpenSessionColumn::pid);
    session.agent.start_time = static_cast<std::uint64_t>(row.integer(OpenSessionColumn::start_time));
    session.first_entry = row.integer(OpenSessionColumn::first_entry);
    return session;
}

}  // namespace

std::int64_t SessionsTable::next_number() {
    Rows rows = next_.rows();
    return rows.next() ? rows.integer(0) : 1;
}

void SessionsTable::insert(const StoredSession& session, const std::string& started_at) {
    insert_.run(session.number, session.agent.boot_id, session.agent.pid_namespace, session.agent.pid,
                static_cast<std::int64_t>(session.agent.start_time), started_at, session.first_entry);
}

void SessionsTable::end(std::int64_t number, const std::string& ended_at) {
    end_.run(ended_at, number);
}

void SessionsTable::resume(std::int64_t number) {
    resume_.run(number);
}

bool SessionsTable::is_open(std::int64_t number) {
    return is_open_.rows(number).next();
}

std::optional<AgentSession> SessionsTable::find(std::int64_t number) {
    return record::read_first(find_.rows(number), [&](const Rows& row) { return record::read_session(row, number); });
}

std::string SessionsTable::objection(std::int64_t number, std::int64_t sequence) {
    Rows rows = objection_.rows(number, sequence);
    if (!rows.next()) return "its session " + std::to_string(number) + " is not on record";
    if (!rows.is_null(1)) return "of its session " + std::to_string(number) + ": " + rows.text(1);
    return rows.flag(0) ? "" : "its session " + std::to_string(number) + " began later";
}

std::vector<StoredSession> SessionsTable::open() {
    return record::read_all(open_.rows(), read_open_session);
}

}  // namespace approvekit::sqlite
