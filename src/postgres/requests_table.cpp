#include "postgres/requests_table.hpp"

#include "postgres/shown_text.hpp"
#include "record/page.hpp"

#include <utility>

namespace approvekit::postgres {

using record::PageSize;
using record::RequestColumn;
using record::RequestCursor;
using record::StoredRequest;

namespace {

/// In the order of RequestColumn. `text` returns the SQL for a column that may be long.
template <typename Text>
std::string columns(Text text) {
    return "r.id, " + text("r.tool_name") + ", " + text("r.tool_args") + ", r.status, r.created_at, r.reviewed_at, " +
           text("r.reviewer_notes") + ", " + text("r.metadata") +
           ", o.session, o.agent, o.nonce, o.action_digest, o.view_digest, o.policy_digest, o.redactions, o.deadline, "
           "o.run, o.run_note, o.boot_id, o.boot_deadline, o.is_open, d.reviewer, d.way, o.started_at, o.finished_at, "
           "d.entry_id, s.request_id, " +
           text("s.tool_name") + ", " + text("s.tool_args") + ", s.created_at, " + text("s.metadata") +
           ", d.decided_at, r.number";
}

constexpr const char* beside_rows =
    " LEFT JOIN approvekit.approvekit_requests o ON o.request_id = r.id LEFT JOIN approvekit.approvekit_requests s ON "
    "s.request_id = r.id AND (s.tool_name, s.tool_args, s.created_at, s.metadata) IS DISTINCT FROM (r.tool_name, "
    "r.tool_args, r.created_at, r.metadata) LEFT JOIN LATERAL (SELECT * FROM approvekit.approvekit_decisions WHERE "
    "request_id = r.id ORDER BY number DESC LIMIT 1) d ON true WHERE ";

std::string listing(const std::string& where) {
    return "SELECT " + columns([](const char* name) { return std::string(name); }) +
           " FROM approvekit.approval_requests r" + beside_rows + where;
}

/// At most $3 rows, and no more than fit into a page.
std::string page_listing(const std::string& where, const std::string& order) {
    return "SELECT " + columns(shown_text) + " FROM (SELECT number, " + bytes_before(order) +
           " AS before FROM (SELECT created_at, id, number, " + shown_bytes("tool_args") + " + " +
           shown_bytes("metadata") + " AS bytes FROM approvekit.approval_requests r WHERE " + where + " ORDER BY " +
           order + " LIMIT $3) AS r) AS place JOIN approvekit.approval_requests r ON r.number = place.number" +
           beside_rows + "place.before < " + std::to_string(PageSize::most_bytes) + " ORDER BY " + order;
}

std::string in_order(const std::string& direction) {
    return "r.created_at" + direction + ", r.id" + direction;
}

}  // namespace

void lock_request(Access access, std::string_view id) {
    if (!access.locks) return;
    // In this order, since the code that ends requests finds and locks them in the second table.
    access.connection.queue("SELECT 1 FROM approvekit.approvekit_requests WHERE request_id = $1 FOR UPDATE", id);
    access.connection.queue("SELECT 1 FROM approvekit.approval_requests WHERE id = $1 FOR UPDATE", id);
}

void RequestsTable::insert(const ApprovalRequest& request) {
    const std::string args = canonical_json(request.tool_args, JsonLimits{SIZE_MAX, SIZE_MAX});
    access_.connection.queue(
        "INSERT INTO approvekit.approval_requests(id, tool_name, tool_args, status, created_at, metadata) VALUES ($1, "
        "$2, $3, 'pending', $4, $5)",
        request.id, request.tool_name, args, to_text(request.created_at), request.metadata.dump());
}

void RequestsTable::settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                           const std::optional<std::string>& notes) {
    access_.connection.queue(
        "UPDATE approvekit.approval_requests SET status = $1, reviewed_at = $2, reviewer_notes = $3 WHERE id = $4",
        to_string(status), reviewed_at, notes, id);
}

void RequestsTable::lock(const std::vector<std::string>& ids) {
    for (const std::string& id : ids)
        lock_request(access_, id);
}

std::optional<StoredRequest> RequestsTable::find(std::string_view id) {
    lock_request(access_, id);
    static const std::string sql = listing("r.id = $1");
    return record::read_first(access_.connection.rows(Statement(sql, id)), record::read_request<Rows>);
}

std::vector<std::string> RequestsTable::find_ids(std::string_view prefix, std::size_t limit) {
    const auto [from, to] = record::range_of_ids(prefix);
    return record::read_texts(access_.connection.rows(
        "SELECT id FROM approvekit.approval_requests WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3", from, to,
        static_cast<std::int64_t>(limit)));
}

std::vector<std::string> RequestsTable::reopened() {
    // A request of another program need not end, and no entry records it.
    Rows rows = access_.connection.rows(
        "SELECT r.id FROM approvekit.approval_requests r LEFT JOIN approvekit.approvekit_requests o ON o.request_id = "
        "r.id WHERE r.status = 'pending' AND (NOT o.is_open OR EXISTS (SELECT 1 FROM approvekit.approvekit_audit a "
        "WHERE a.request_id = r.id AND a.request_id <> 'auto' AND a.hash IS NOT NULL AND a.event IN ('approved', "
        "'rejected', 'timeout', 'cancelled', 'answered'))) ORDER BY r.id LIMIT 1000");
    return record::read_texts(std::move(rows));
}

RequestPage RequestsTable::list(const RequestQuery& query, const record::Moment& now,
                                const record::CompleteRequest& complete) {
    const bool pending = query.status == ApprovalStatus::pending;
    const RequestCursor from = record::cursor_of(query);
    const std::string order = in_order(pending ? "" : " DESC");
    std::string where = std::string("(r.created_at, r.id) ") + (pending ? ">" : "<") + " ($1, $2)";
    if (query.status) where += " AND r.status = '" + std::string(to_string(*query.status)) + "'";
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    Rows rows = access_.connection.rows(Statement(page_listing(where, order), from.created_at, from.id, limit));
    return record::read_request_page(std::move(rows), query.limit, now, complete);
}

bool RequestsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredRequest>& look) {
    static const std::string sql = listing("r.number >= $1 ORDER BY r.number LIMIT 200");
    Rows rows = access_.connection.rows(Statement(sql, from));
    return record::show_stretch(std::move(rows), RequestColumn::number, from,
                                [&](const Rows& row) { return look(record::read_request(row), ""); });
}

}  // namespace approvekit::postgres
