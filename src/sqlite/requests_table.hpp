#pragma once

#include "approvekit/storage.hpp"
#include "record/request_rows.hpp"
#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// The table approval_requests, read together with the columns that we keep beside it.
class RequestsTable final : public record::Requests {
public:
    explicit RequestsTable(SQLite::Database& database) : database_(database) {}

    void insert(const ApprovalRequest& request) override;
    void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                const std::optional<std::string>& notes) override;
    [[nodiscard]] std::optional<record::StoredRequest> find(std::string_view id) override;
    [[nodiscard]] std::vector<std::string> reopened() override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredRequest>& look) override;
    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) override;
    [[nodiscard]] RequestPage list(const RequestQuery& query, const record::Moment& now,
                                   const record::CompleteRequest& complete) override;

private:
    /// In the order of record::RequestColumn.
    [[nodiscard]] static std::string listing(const char* where, const std::string& more_columns = {});
    [[nodiscard]] static std::string misfit();
    [[nodiscard]] Rows open_list(const RequestQuery& query, std::string& status, std::string& created_at,
                                 std::string& id);

    SQLite::Database& database_;
    Query insert_{database_,
                  "INSERT INTO approval_requests(id, tool_name, tool_args, status, created_at, metadata) VALUES (?, ?, "
                  "?, 'pending', ?, ?)"};
    Query settle_{database_,
                  "UPDATE approval_requests SET status = ?, reviewed_at = ?, reviewer_notes = ? WHERE id = ?"};
    Query find_{database_, listing("r.id = ?")};
    Query find_ids_{database_, "SELECT id FROM approval_requests WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"};
    Query pending_{database_, listing("r.status = 'pending' AND (r.created_at, r.id) > (?, ?) ORDER BY r.created_at, "
                                      "r.id LIMIT ?")};
    Query by_status_{database_, listing("r.status = ? AND (r.created_at, r.id) < (?, ?) ORDER BY r.created_at DESC, "
                                        "r.id DESC LIMIT ?")};
    // A request of another program need not end, and no entry records it.
    Query reopened_{database_,
                    "SELECT r.id FROM approval_requests r LEFT JOIN approvekit_requests o ON o.request_id = r.id WHERE "
                    "r.status = 'pending' AND (o.is_open = 0 OR EXISTS (SELECT 1 FROM approvekit_audit a WHERE "
                    "a.request_id = r.id AND a.request_id <> 'auto' AND a.seq > 0 AND a.hash IS NOT NULL AND a.event "
                    "IN ('approved', 'rejected', 'timeout', 'cancelled', 'answered'))) LIMIT 1000"};
    Query stretch_{database_, listing("r.rowid >= ? ORDER BY r.rowid LIMIT ?", misfit())};
    Query all_{database_, listing("(r.created_at, r.id) < (?, ?) ORDER BY r.created_at DESC, r.id DESC LIMIT ?")};
};

}  // namespace approvekit::sqlite
