#pragma once

#include "approvekit/audit.hpp"
#include "base/agent_identity.hpp"
#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_sessions: one row for each agent process that had something to record. A transaction that asks
/// whether a session is open keeps others from ending it until the commit.
class SessionsTable final : public record::Sessions {
public:
    explicit SessionsTable(Access access) noexcept : access_(access) {}

    /// Records a session. Returns its number.
    [[nodiscard]] std::int64_t insert(const base::AgentIdentity& agent, const std::string& started_at,
                                      std::int64_t first_entry);
    void end(std::int64_t number, const std::string& ended_at) override;
    void resume(std::int64_t number) override;
    [[nodiscard]] bool is_open(std::int64_t number) override;
    [[nodiscard]] std::string objection(std::int64_t number, std::int64_t sequence) override;
    [[nodiscard]] std::optional<AgentSession> find(std::int64_t number) override;

private:
    Access access_;
};

}  // namespace approvekit::postgres
