#pragma once

#include "approvekit/request.hpp"
#include "approvekit/storage.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// A request with what only the storage needs of it.
struct StoredRequest {
    ApprovalRequest request;
    std::string status_text;  ///< as it stands in the file
    std::int64_t session = 0;
    std::string boot_id;
    std::int64_t boot_deadline = 0;  ///< microseconds since boot
    bool is_open = false;            ///< whether it still needs an end: pending, not claimed yet, or running
};

/// The table approval_requests, and the reading of it together with what is ours beside it.
class RequestsTable {
public:
    explicit RequestsTable(SQLite::Database& database) : database_(database) {}

    void insert(const ApprovalRequest& request);
    void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                const std::optional<std::string>& notes);

    [[nodiscard]] std::optional<StoredRequest> find(std::string_view id);
    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit);
    [[nodiscard]] RequestPage list(const RequestQuery& query);

private:
    [[nodiscard]] static std::string listing(const char* where);
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
    Query all_{database_, listing("(r.created_at, r.id) < (?, ?) ORDER BY r.created_at DESC, r.id DESC LIMIT ?")};
};

}  // namespace approvekit::sqlite
