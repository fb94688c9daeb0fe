#pragma once

#include "approvekit/audit.hpp"
#include "base/agent_identity.hpp"
#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::sqlite {

using base::AgentIdentity;

/// An agent's process as the record knows it.
struct StoredSession {
    std::int64_t number = 0;
    AgentIdentity agent;
    std::int64_t first_entry = 0;  ///< the last entry of the chain when the session started
};

/// The table approvekit_sessions: one row for each agent process that had something to record.
class SessionsTable final : public record::Sessions {
public:
    explicit SessionsTable(SQLite::Database& database) : database_(database) {}

    [[nodiscard]] std::int64_t next_number();
    void insert(const StoredSession& session, const std::string& started_at);
    void end(std::int64_t number, const std::string& ended_at) override;
    void resume(std::int64_t number) override;
    [[nodiscard]] bool is_open(std::int64_t number) override;
    [[nodiscard]] std::string objection(std::int64_t number, std::int64_t sequence) override;
    [[nodiscard]] std::optional<AgentSession> find(std::int64_t number) override;

    /// The sessions that have not ended.
    [[nodiscard]] std::vector<StoredSession> open();

private:
    SQLite::Database& database_;
    Query next_{database_, "SELECT coalesce(max(number), 0) + 1 FROM approvekit_sessions"};
    Query insert_{database_,
                  "INSERT INTO approvekit_sessions(number, boot_id, pid_namespace, pid, start_time, "
                  "started_at, first_entry) VALUES (?, ?, ?, ?, ?, ?, ?)"};
    Query end_{database_, "UPDATE approvekit_sessions SET ended_at = ? WHERE number = ? AND ended_at IS NULL"};
    Query resume_{database_, "UPDATE approvekit_sessions SET ended_at = NULL WHERE number = ?"};
    Query is_open_{database_, "SELECT 1 FROM approvekit_sessions WHERE number = ? AND ended_at IS NULL"};
    Query objection_{database_, "SELECT first_entry < ?2, " +
                                    storage_class_fault({{"boot_id", "boot_id", "'text'"},
                                                         {"pid_namespace", "pid_namespace", "'text'"},
                                                         {"pid", "pid", "'integer'"},
                                                         {"start_time", "start_time", "'integer'"},
                                                         {"started_at", "started_at", "'text'"},
                                                         {"first_entry", "first_entry", "'integer'"},
                                                         {"ended_at", "ended_at", "'text', 'null'"}}) +
                                    " FROM approvekit_sessions WHERE number = ?1"};
    Query open_{database_,
                "SELECT number, boot_id, pid_namespace, pid, start_time, first_entry FROM approvekit_sessions WHERE "
                "ended_at IS NULL"};
    Query find_{database_, "SELECT started_at, ended_at FROM approvekit_sessions WHERE number = ?"};
};

}  // namespace approvekit::sqlite
