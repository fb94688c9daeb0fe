#pragma once

#include "approvekit/request.hpp"
#include "approvekit/storage.hpp"
#include "sqlite/query.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
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

    // What only verifying needs, as it stands in the file.
    std::string reviewed_at;
    std::optional<std::string> started_at;
    std::optional<std::string> finished_at;
    std::string decision_entry;         ///< the entry that the decision beside it names; empty: there is none
    std::optional<SubmittedView> copy;  ///< what was submitted, where the row puts it in other words
};

/// A moment on the clocks of one boot of a machine.
struct Present {
    Time now{};
    std::string boot_id;
    std::chrono::microseconds since_boot{};
};

/// How long the request may still be answered: by the wall clock, or by the other where that still runs and ends it
/// sooner.
[[nodiscard]] std::optional<std::chrono::microseconds> time_left(const StoredRequest& stored, const Present& present);

/// The table approval_requests, and the reading of it together with what is ours beside it.
class RequestsTable {
public:
    explicit RequestsTable(SQLite::Database& database) : database_(database) {}

    void insert(const ApprovalRequest& request);
    void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                const std::optional<std::string>& notes);

    [[nodiscard]] std::optional<StoredRequest> find(std::string_view id);
    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit);
    [[nodiscard]] RequestPage list(const RequestQuery& query, const Present& present = {});

    /// The requests that are pending though they had ended: another program wrote that, or put them back.
    [[nodiscard]] std::vector<std::string> reopened();

    /// Shows `look` a stretch of all requests, each with what is wrong with how it is stored, from the place `from` in
    /// the file on, and moves `from` behind it. False when there is nothing more, or when `look` says to stop.
    bool each_of_stretch(std::int64_t& from, const std::function<bool(const StoredRequest&, const std::string&)>& look);

private:
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
    // A row of another program's request needs no end, and no entry tells of it.
    Query reopened_{database_,
                    "SELECT r.id FROM approval_requests r LEFT JOIN approvekit_requests o ON o.request_id = r.id WHERE "
                    "r.status = 'pending' AND (o.is_open = 0 OR EXISTS (SELECT 1 FROM approvekit_audit a WHERE "
                    "a.request_id = r.id AND a.request_id <> 'auto' AND a.seq > 0 AND a.hash IS NOT NULL AND a.event "
                    "IN ('approved', 'rejected', 'timeout', 'cancelled'))) LIMIT 1000"};
    Query stretch_{database_, listing("r.rowid >= ? ORDER BY r.rowid LIMIT ?", misfit())};
    Query all_{database_, listing("(r.created_at, r.id) < (?, ?) ORDER BY r.created_at DESC, r.id DESC LIMIT ?")};
};

}  // namespace approvekit::sqlite
