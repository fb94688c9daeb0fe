#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// The table approvekit_requests: what ApproveKit keeps of a request beside the base columns.
class BindingsTable final : public record::Bindings {
public:
    explicit BindingsTable(SQLite::Database& database) : database_(database) {}

    void insert(const ApprovalRequest& request, const record::Binding& binding) override;
    void bind(const std::string& id, std::int64_t session) override;
    void keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) override;
    void start(const std::string& id, const std::string& at) override;
    void set_boot_deadline(const std::string& id, std::int64_t boot_deadline) override;
    void close(const std::string& id, RunState state, const std::string& note, const std::string& at) override;
    [[nodiscard]] std::vector<std::string> due(const record::Moment& moment) override;
    [[nodiscard]] std::vector<std::string> decided_before(const record::Moment& moment) override;
    [[nodiscard]] std::vector<std::string> open_of(std::int64_t session) override;
    [[nodiscard]] std::vector<std::string> left_in_other_boots(const std::string& boot_id) override;
    [[nodiscard]] std::optional<SubmittedView> submitted(std::string_view id) override;
    [[nodiscard]] std::optional<record::StoredRun> run_of(std::string_view id) override;
    [[nodiscard]] std::vector<std::string> orphans() override;

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
    Query bind_{database_, "UPDATE approvekit_requests SET session = ? WHERE request_id = ?"};
    Query keep_deadline_{database_,
                         "UPDATE approvekit_requests SET boot_id = ?, boot_deadline = ? WHERE request_id = ?"};
    Query start_{database_, "UPDATE approvekit_requests SET run = 'running', started_at = ? WHERE request_id = ?"};
    Query set_boot_deadline_{database_, "UPDATE approvekit_requests SET boot_deadline = ? WHERE request_id = ?"};
    // The deadline is for starting: a running call may outlive it.
    Query due_{database_,
               "SELECT request_id FROM approvekit_requests o WHERE is_open = 1 AND deadline <= ? AND run = 'none' AND "
               "NOT EXISTS (SELECT 1 FROM approvekit_decisions d WHERE d.request_id = o.request_id) ORDER BY deadline "
               "LIMIT 1000"};
    Query decided_before_{database_,
                          "SELECT request_id FROM approvekit_requests o WHERE is_open = 1 AND deadline <= ? AND run = "
                          "'none' AND EXISTS (SELECT 1 FROM approvekit_decisions d WHERE d.request_id = o.request_id) "
                          "ORDER BY deadline LIMIT 1000"};
    Query boot_due_{database_,
                    "SELECT request_id FROM approvekit_requests WHERE is_open = 1 AND boot_id = ? AND boot_deadline <= "
                    "? AND run = 'none' ORDER BY boot_deadline LIMIT 1000"};
    Query submitted_{database_,
                     "SELECT tool_name, tool_args, created_at, metadata FROM approvekit_requests WHERE request_id = ?"};
    Query run_of_{database_,
                  "SELECT is_open, run, started_at, EXISTS (SELECT 1 FROM approval_requests r WHERE r.id = "
                  "o.request_id), session FROM approvekit_requests o WHERE request_id = ?"};
    Query orphans_{database_,
                   "SELECT request_id FROM approvekit_requests o WHERE is_open = 0 AND NOT EXISTS (SELECT 1 FROM "
                   "approval_requests r WHERE r.id = o.request_id)"};
    Query open_of_{database_, "SELECT request_id FROM approvekit_requests WHERE is_open = 1 AND session = ?"};
    Query left_in_other_boots_{database_,
                               "SELECT request_id FROM approvekit_requests WHERE is_open = 1 AND session = 0 AND "
                               "boot_id <> ? AND run = 'none' LIMIT 1000"};
};

}  // namespace approvekit::sqlite
