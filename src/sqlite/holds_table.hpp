#pragma once

#include "approvekit/request.hpp"
#include "sqlite/query.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// To what a held call is bound besides its deadline on the wall clock.
struct HoldBinding {
    std::int64_t session = 0;
    std::string boot_id;
    std::int64_t boot_deadline = 0;  ///< microseconds since boot
};

/// The table approvekit_requests: what ApproveKit keeps of a request beside the base columns.
class HoldsTable {
public:
    explicit HoldsTable(SQLite::Database& database) : database_(database) {}

    /// Keeps beside it what the row of `request`, which was just inserted, says.
    void insert(const ApprovalRequest& request, const HoldBinding& binding);

    /// Nothing more is going to happen to the request. `note` is kept beside it.
    void close(const std::string& id, RunState state, const std::string& note, const std::string& at);
    void start(const std::string& id, const std::string& at);

    /// The open requests whose deadline has passed on either clock, oldest first.
    [[nodiscard]] std::vector<std::string> due(const std::string& now, const std::string& boot_id,
                                               std::chrono::microseconds since_boot);
    [[nodiscard]] std::vector<std::string> open_of(std::int64_t session);

    /// What was submitted; nothing for a request that is not ours.
    [[nodiscard]] std::optional<SubmittedView> submitted(std::string_view id);
    /// When the call was let start; empty while it was not.
    [[nodiscard]] std::string started_at(std::string_view id);

    /// The requests that have ended and whose rows are gone.
    [[nodiscard]] std::vector<std::string> orphans();

private:
    SQLite::Database& database_;
    Query insert_{database_,
                  "INSERT INTO approvekit_requests(request_id, session, agent, nonce, action_digest, view_digest, "
                  "policy_digest, redactions, deadline, boot_id, boot_deadline, is_open, tool_name, tool_args, "
                  "created_at, metadata) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, tool_name, tool_args, created_at, "
                  "metadata FROM approval_requests WHERE id = ?"};
    Query close_{database_,
                 "UPDATE approvekit_requests SET is_open = 0, run = ?, run_note = ?, finished_at = ? WHERE request_id "
                 "= ?"};
    Query start_{database_, "UPDATE approvekit_requests SET run = 'running', started_at = ? WHERE request_id = ?"};
    // A call that runs may outlive its deadline; the deadline is one for starting.
    Query due_{database_,
               "SELECT request_id FROM approvekit_requests WHERE is_open = 1 AND deadline <= ? AND run = 'none' ORDER "
               "BY deadline LIMIT 1000"};
    Query boot_due_{database_,
                    "SELECT request_id FROM approvekit_requests WHERE is_open = 1 AND boot_id = ? AND boot_deadline <= "
                    "? AND run = 'none' ORDER BY boot_deadline LIMIT 1000"};
    Query submitted_{database_,
                     "SELECT tool_name, tool_args, created_at, metadata FROM approvekit_requests WHERE request_id = ?"};
    Query started_at_{database_, "SELECT started_at FROM approvekit_requests WHERE request_id = ?"};
    Query orphans_{database_,
                   "SELECT request_id FROM approvekit_requests o WHERE is_open = 0 AND NOT EXISTS (SELECT 1 FROM "
                   "approval_requests r WHERE r.id = o.request_id)"};
    Query open_of_{database_, "SELECT request_id FROM approvekit_requests WHERE is_open = 1 AND session = ?"};
};

}  // namespace approvekit::sqlite
