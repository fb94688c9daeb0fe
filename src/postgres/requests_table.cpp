#include "postgres/requests_table.hpp"

#include "postgres/shown_text.hpp"
#include "record/page.hpp"
#include "record/start_window.hpp"
#include "record/stored_json.hpp"

#include "text/ascii.hpp"

#include <limits>
#include <utility>

namespace approvekit::postgres {

using record::PageSize;
using record::RequestCursor;
using record::stored_json;
using record::StoredRequest;

namespace {

/// What listing() selects, in its order.
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
        number
    };
};

// Greater than every text that starts a time or an id.
constexpr const char* after_all = "\x7f";

/// `text` gives the SQL for a column that may be long.
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

/// $3 rows at most, and no more of them than fit into a page.
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
    request.session = stored.session = rows.integer(RequestColumn::session);
    stored.boot_id = rows.text(RequestColumn::boot_id);
    stored.boot_deadline = record::plausible_boot_deadline(rows.integer(RequestColumn::boot_deadline));
    stored.is_open = rows.flag(RequestColumn::is_open);
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

}  // namespace

void lock_request(Access access, std::string_view id) {
    if (!access.locks) return;
    // In this order, since what ends requests finds, and locks, them in the second table.
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
    Rows rows = access_.connection.rows(Statement(sql, id));
    return rows.next() ? std::optional(read(rows)) : std::nullopt;
}

std::vector<std::string> RequestsTable::find_ids(std::string_view prefix, std::size_t limit) {
    const std::string from = text::lower_case(prefix);
    std::vector<std::string> ids;
    Rows rows = access_.connection.rows(
        "SELECT id FROM approvekit.approval_requests WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3", from,
        from + after_all, static_cast<std::int64_t>(limit));
    while (rows.next())
        ids.push_back(rows.text(0));
    return ids;
}

std::vector<std::string> RequestsTable::reopened() {
    // A row of another program's request needs no end, and no entry tells of it.
    Rows rows = access_.connection.rows(
        "SELECT r.id FROM approvekit.approval_requests r LEFT JOIN approvekit.approvekit_requests o ON o.request_id = "
        "r.id WHERE r.status = 'pending' AND (NOT o.is_open OR EXISTS (SELECT 1 FROM approvekit.approvekit_audit a "
        "WHERE a.request_id = r.id AND a.request_id <> 'auto' AND a.hash IS NOT NULL AND a.event IN ('approved', "
        "'rejected', 'timeout', 'cancelled', 'answered'))) ORDER BY r.id LIMIT 1000");
    std::vector<std::string> ids;
    while (rows.next())
        ids.push_back(rows.text(0));
    return ids;
}

RequestPage RequestsTable::list(const RequestQuery& query, const record::Moment& now, const Complete& complete) {
    const bool pending = query.status == ApprovalStatus::pending;
    RequestCursor from{pending ? "" : after_all, ""};
    if (!query.cursor.empty()) from = record::parse_request_cursor(query.cursor);
    const std::string order = in_order(pending ? "" : " DESC");
    std::string where = std::string("(r.created_at, r.id) ") + (pending ? ">" : "<") + " ($1, $2)";
    if (query.status) where += " AND r.status = '" + std::string(to_string(*query.status)) + "'";
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    Rows rows = access_.connection.rows(Statement(page_listing(where, order), from.created_at, from.id, limit));
    RequestPage page;
    PageSize size(query.limit);
    RequestCursor last;
    while (rows.next()) {
        if (size.is_full()) {
            page.next = record::cursor_text(last);
            break;
        }
        last = {rows.text(RequestColumn::created_at), rows.text(RequestColumn::id)};
        size.add_row(rows.size());
        StoredRequest stored = read(rows);
        tell_times(stored, now);
        if (complete) size.add_bytes(complete(stored.request));
        page.requests.push_back(std::move(stored.request));
    }
    return page;
}

bool RequestsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredRequest>& look) {
    static const std::string sql = listing("r.number >= $1 ORDER BY r.number LIMIT 200");
    Rows rows = access_.connection.rows(Statement(sql, from));
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(RequestColumn::number);
        if (!look(read(rows), "") || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace approvekit::postgres
