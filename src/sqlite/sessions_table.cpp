#include "sqlite/sessions_table.hpp"

namespace approvekit::sqlite {

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
    Rows rows = find_.rows(number);
    if (!rows.next()) return std::nullopt;
    const auto started_at = parse_time(rows.bytes(0));
    const auto ended_at = rows.is_null(1) ? std::nullopt : parse_time(rows.bytes(1));
    return AgentSession{number, started_at.value_or(Time{}), ended_at};
}

std::string SessionsTable::objection(std::int64_t number, std::int64_t sequence) {
    Rows rows = objection_.rows(number, sequence);
    if (!rows.next()) return "its session " + std::to_string(number) + " is not on record";
    if (!rows.is_null(1)) return "of its session " + std::to_string(number) + ": " + rows.text(1);
    return rows.integer(0) != 0 ? "" : "its session " + std::to_string(number) + " began later";
}

std::vector<StoredSession> SessionsTable::open() {
    std::vector<StoredSession> sessions;
    Rows rows = open_.rows();
    while (rows.next()) {
        StoredSession session;
        session.number = rows.integer(0);
        session.agent.boot_id = rows.text(1);
        session.agent.pid_namespace = rows.text(2);
        session.agent.pid = rows.integer(3);
        session.agent.start_time = static_cast<std::uint64_t>(rows.integer(4));
        session.first_entry = rows.integer(5);
        sessions.push_back(std::move(session));
    }
    return sessions;
}

}  // namespace approvekit::sqlite
