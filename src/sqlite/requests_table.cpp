#include "sqlite/requests_table.hpp"

#include "record/page.hpp"
#include "sqlite/query.hpp"

#include <utility>

namespace approvekit::sqlite {

using record::RequestColumn;
using record::StoredRequest;

std::string RequestsTable::listing(const char* where, const std::string& more_columns) {
    return "SELECT r.id, r.tool_name, r.tool_args, r.status, r.created_at, r.reviewed_at, r.reviewer_notes, "
           "r.metadata, o.session, o.agent, o.nonce, o.action_digest, o.view_digest, o.policy_digest, o.redactions, "
           "o.deadline, o.run, o.run_note, o.boot_id, o.boot_deadline, o.is_open, d.reviewer, d.way, o.started_at, "
           "o.finished_at, d.entry_id, s.request_id, s.tool_name, s.tool_args, s.created_at, s.metadata, "
           "d.decided_at" +
           more_columns +
           " FROM approval_requests r LEFT JOIN approvekit_requests o ON o.request_id = r.id LEFT JOIN "
           "approvekit_requests s ON s.request_id = r.id AND (s.tool_name, s.tool_args, s.created_at, s.metadata) IS "
           "NOT (r.tool_name, r.tool_args, r.created_at, r.metadata) LEFT JOIN approvekit_decisions d ON d.number = "
           "(SELECT max(number) FROM approvekit_decisions WHERE request_id = r.id) WHERE " +
           where;
}

std::string RequestsTable::misfit() {
    return ", r.rowid, " + storage_class_fault({{"id", "r.id", "'text'"},
                                                {"tool_name", "r.tool_name", "'text'"},
                                                {"tool_args", "r.tool_args", "'text'"},
                                                {"status", "r.status", "'text'"},
                                                {"created_at", "r.created_at", "'text'"},
                                                {"reviewed_at", "r.reviewed_at", "'text', 'null'"},
                                                {"reviewer_notes", "r.reviewer_notes", "'text', 'null'"},
                                                {"metadata", "r.metadata", "'text'"},
                                                {"agent", "coalesce(o.agent, '')", "'text'"},
                                                {"nonce", "coalesce(o.nonce, '')", "'text'"},
                                                {"action_digest", "coalesce(o.action_digest, '')", "'text'"},
                                                {"view_digest", "coalesce(o.view_digest, '')", "'text'"},
                                                {"policy_digest", "coalesce(o.policy_digest, '')", "'text'"},
                                                {"redactions", "coalesce(o.redactions, '')", "'text'"},
                                                {"deadline", "coalesce(o.deadline, '')", "'text'"},
                                                {"session", "coalesce(o.session, 0)", "'integer'"},
                                                {"is_open", "coalesce(o.is_open, 0)", "'integer'"},
                                                {"run", "coalesce(o.run, '')", "'text'"},
                                                {"run_note", "coalesce(o.run_note, '')", "'text'"},
                                                {"started_at", "o.started_at", "'text', 'null'"},
                                                {"finished_at", "o.finished_at", "'text', 'null'"}});
}

void RequestsTable::insert(const ApprovalRequest& request) {
    const std::string args = canonical_json(request.tool_args, JsonLimits{SIZE_MAX, SIZE_MAX});
    const std::string metadata = request.metadata.dump();
    const std::string created_at = to_text(request.created_at);
    insert_.run(request.id, request.tool_name, args, created_at, metadata);
}

void RequestsTable::settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                           const std::optional<std::string>& notes) {
    settle_.run(to_string(status), reviewed_at, notes, id);
}

std::optional<StoredRequest> RequestsTable::find(std::string_view id) {
    return record::read_first(find_.rows(id), record::read_request<Rows>);
}

std::vector<std::string> RequestsTable::find_ids(std::string_view prefix, std::size_t limit) {
    const auto [from, to] = record::range_of_ids(prefix);
    return record::read_texts(find_ids_.rows(from, to, static_cast<std::int64_t>(limit)));
}

Rows RequestsTable::open_list(const RequestQuery& query, std::string& status, std::string& created_at,
                              std::string& id) {
    const bool pending = query.status == ApprovalStatus::pending;
    record::RequestCursor from = record::cursor_of(query);
    created_at = std::move(from.created_at);
    id = std::move(from.id);
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    if (pending) return pending_.rows(created_at, id, limit);
    if (!query.status) return all_.rows(created_at, id, limit);
    status = to_string(*query.status);
    return by_status_.rows(status, created_at, id, limit);
}

RequestPage RequestsTable::list(const RequestQuery& query, const record::Moment& now,
                                const record::CompleteRequest& complete) {
    std::string status;
    std::string created_at;
    std::string id;
    Rows rows = open_list(query, status, created_at, id);
    rows.leave_out_longer_than(record::PageSize::most_bytes);
    return record::read_request_page(std::move(rows), query.limit, now, complete);
}

std::vector<std::string> RequestsTable::reopened() {
    return record::read_texts(reopened_.rows());
}

bool RequestsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredRequest>& look) {
    constexpr std::int64_t at_once = 200;
    return record::show_stretch(stretch_.rows(from, at_once), RequestColumn::number, from, [&](const Rows& row) {
        return look(record::read_request(row), row.text(RequestColumn::fault));
    });
}

}  // namespace approvekit::sqlite
