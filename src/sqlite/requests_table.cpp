#include "sqlite/requests_table.hpp"

#include "record/page.hpp"
#include "record/start_window.hpp"
#include "record/stored_json.hpp"
#include "sqlite/query.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace approvekit::sqlite {

using record::PageSize;
using record::RequestCursor;
using record::stored_json;
using record::StoredRequest;

namespace {

/// What listing() selects, in its order; the last two where a stretch is read for verifying.
struct RequestColumn {
    enum : int {
        id,
        tool_name,
        tool_args,
        status,
        created_at,
        reviewed_at,
        reviewer_notes,
        metadata,
        session,
        agent,
        nonce,
        action_digest,
        view_digest,
        policy_digest,
        redactions,
        deadline,
        run,
        run_note,
        boot_id,
        boot_deadline,
        is_open,
        reviewer,
        way,
        started_at,
        finished_at,
        decision_entry,
        copy_of,
        copied_tool_name,
        copied_tool_args,
        copied_created_at,
        copied_metadata,
        decided_at,
        rowid,
        misfit
    };
};

// Greater than every text that starts a time or an id.
constexpr const char* after_all = "\x7f";

std::optional<Time> optional_time(const Rows& rows, int column) {
    return rows.is_null(column) ? std::nullopt : parse_time(rows.bytes(column));
}

void read_own(const Rows& rows, StoredRequest& stored) {
    ApprovalRequest& request = stored.request;
    request.ours = true;
    request.agent = rows.text(RequestColumn::agent);
    request.nonce = rows.text(RequestColumn::nonce);
    request.action_digest = rows.text(RequestColumn::action_digest);
    request.view_digest = rows.text(RequestColumn::view_digest);
    request.policy_digest = rows.text(RequestColumn::policy_digest);
    request.redactions = record::stored_redactions(rows.text(RequestColumn::redactions));
    request.deadline = optional_time(rows, RequestColumn::deadline);
    request.run = parse_run_state(rows.bytes(RequestColumn::run)).value_or(RunState::unknown);
    request.run_note = rows.text(RequestColumn::run_note);
    if (request.run != RunState::none) {
        request.started_at = optional_time(rows, RequestColumn::started_at);
        request.finished_at = optional_time(rows, RequestColumn::finished_at);
    }
    request.session = rows.integer(RequestColumn::session);
    stored.session = rows.integer(RequestColumn::session);
    stored.boot_id = rows.text(RequestColumn::boot_id);
    stored.boot_deadline = record::plausible_boot_deadline(rows.integer(RequestColumn::boot_deadline));
    stored.is_open = rows.integer(RequestColumn::is_open) != 0;
    stored.started_at = rows.optional_text(RequestColumn::started_at);
    stored.finished_at = rows.optional_text(RequestColumn::finished_at);
    tell_whether_it_awaits_agent(stored);
}

void read_decider(const Rows& rows, StoredRequest& stored) {
    if (rows.is_null(RequestColumn::reviewer)) return name_decider(stored, nullptr);
    Decision decision;
    decision.reviewer = rows.text(RequestColumn::reviewer);
    decision.way = rows.text(RequestColumn::way);
    name_decider(stored, &decision);
}

void read_submitted(const Rows& rows, StoredRequest& stored) {
    keep_copy(stored,
              SubmittedView{.tool_name = rows.text(RequestColumn::copied_tool_name),
                            .tool_args = stored_json(rows.text(RequestColumn::copied_tool_args)),
                            .created_at = parse_time(rows.bytes(RequestColumn::copied_created_at)).value_or(Time{}),
                            .metadata = stored_json(rows.text(RequestColumn::copied_metadata))});
}

StoredRequest read(const Rows& rows) {
    StoredRequest stored;
    stored.status_text = rows.text(RequestColumn::status);
    ApprovalRequest& request = stored.request;
    request.id = rows.text(RequestColumn::id);
    request.tool_name = rows.text(RequestColumn::tool_name);
    request.tool_args = stored_json(rows.text(RequestColumn::tool_args));
    // A state that nobody knows must never count as approved or as waiting.
    request.status = parse_approval_status(stored.status_text).value_or(ApprovalStatus::cancelled);
    request.created_at = parse_time(rows.bytes(RequestColumn::created_at)).value_or(Time{});
    request.reviewed_at = optional_time(rows, RequestColumn::reviewed_at);
    request.reviewer_notes = rows.optional_text(RequestColumn::reviewer_notes);
    request.metadata = stored_json(rows.text(RequestColumn::metadata));
    stored.reviewed_at = rows.text(RequestColumn::reviewed_at);
    stored.decision_entry = rows.text(RequestColumn::decision_entry);
    stored.decided_at = rows.text(RequestColumn::decided_at);
    if (!rows.is_null(RequestColumn::session)) read_own(rows, stored);
    if (!rows.is_null(RequestColumn::copy_of)) read_submitted(rows, stored);
    read_decider(rows, stored);
    return stored;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    return result;
}

}  // namespace

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
    Rows rows = find_.rows(id);
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::vector<std::string> RequestsTable::find_ids(std::string_view prefix, std::size_t limit) {
    const std::string from = lower(prefix);
    const std::string to = from + after_all;
    std::vector<std::string> ids;
    Rows rows = find_ids_.rows(from, to, static_cast<std::int64_t>(limit));
    while (rows.next())
        ids.push_back(rows.text(RequestColumn::id));
    return ids;
}

Rows RequestsTable::open_list(const RequestQuery& query, std::string& status, std::string& created_at,
                              std::string& id) {
    const bool pending = query.status == ApprovalStatus::pending;
    RequestCursor from{pending ? "" : after_all, ""};
    if (!query.cursor.empty()) from = record::parse_request_cursor(query.cursor);
    created_at = std::move(from.created_at);
    id = std::move(from.id);
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    if (pending) return pending_.rows(created_at, id, limit);
    if (!query.status) return all_.rows(created_at, id, limit);
    status = to_string(*query.status);
    return by_status_.rows(status, created_at, id, limit);
}

RequestPage RequestsTable::list(const RequestQuery& query, const record::Moment& now, const Complete& complete) {
    std::string status;
    std::string created_at;
    std::string id;
    Rows rows = open_list(query, status, created_at, id);
    rows.leave_out_longer_than(PageSize::most_bytes);
    RequestPage page;
    PageSize size(query.limit);
    RequestCursor last;
    while (rows.next()) {
        if (size.is_full()) {
            page.next = record::cursor_text(last);
            break;
        }
        last = {std::string(rows.bytes(RequestColumn::created_at)), std::string(rows.bytes(RequestColumn::id))};
        size.add_row(rows.size());
        StoredRequest stored = read(rows);
        tell_times(stored, now);
        if (complete) size.add_bytes(complete(stored.request));
        page.requests.push_back(std::move(stored.request));
    }
    return page;
}

std::vector<std::string> RequestsTable::reopened() {
    std::vector<std::string> ids;
    Rows rows = reopened_.rows();
    while (rows.next())
        ids.push_back(rows.text(RequestColumn::id));
    return ids;
}

bool RequestsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredRequest>& look) {
    constexpr std::int64_t at_once = 200;
    Rows rows = stretch_.rows(from, at_once);
    bool any = false;
    while (rows.next()) {
        any = true;
        if (!look(read(rows), rows.text(RequestColumn::misfit))) return false;
        if (rows.integer(RequestColumn::rowid) == std::numeric_limits<std::int64_t>::max()) return false;
        from = rows.integer(RequestColumn::rowid) + 1;
    }
    return any;
}

}  // namespace approvekit::sqlite
