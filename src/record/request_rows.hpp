#pragma once

#include "approvekit/storage.hpp"
#include "record/page.hpp"
#include "record/rows.hpp"
#include "record/start_window.hpp"
#include "record/stored_json.hpp"
#include "record/stored_rows.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The rows of requests, with the columns that we keep beside each.
namespace approvekit::record {

/// The columns of what was submitted, in their order, and their number.
struct ViewColumn {
    enum : int { tool_name, tool_args, created_at, metadata, count };
};

/// Reads them, starting at the column `first`.
template <StoredRows Rows>
[[nodiscard]] SubmittedView read_view(const Rows& row, int first = 0) {
    return {.tool_name = row.text(first + ViewColumn::tool_name),
            .tool_args = stored_json(row.text(first + ViewColumn::tool_args)),
            .created_at = parse_time(row.bytes(first + ViewColumn::created_at)).value_or(Time{}),
            .metadata = stored_json(row.text(first + ViewColumn::metadata))};
}

/// The columns of a query for requests, in its order. A name that occurs in several tables means the column of
/// approval_requests.
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
        session,  ///< from approvekit_requests, up to is_open; NULL if the request is not ours
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
        reviewer,  ///< from the last decision, as the next one; NULL if there is none
        way,
        started_at,  ///< from approvekit_requests, as the next one
        finished_at,
        decision_entry,  ///< from the last decision
        copy_of,         ///< request_id of approvekit_requests if its copy differs from the row, else NULL
        copy,            ///< the first of ViewColumn, for that copy
        decided_at = copy + static_cast<int>(ViewColumn::count),  ///< from the last decision
        number,                                                   ///< only in stretches, as the next one
        fault  ///< only from an engine whose columns may hold any type
    };
};

/// Reads the columns that we keep beside a request, which must be ours.
template <StoredRows Rows>
void read_own(const Rows& row, StoredRequest& stored) {
    ApprovalRequest& request = stored.request;
    request.ours = true;
    request.agent = row.text(RequestColumn::agent);
    request.nonce = row.text(RequestColumn::nonce);
    request.action_digest = row.text(RequestColumn::action_digest);
    request.view_digest = row.text(RequestColumn::view_digest);
    request.policy_digest = row.text(RequestColumn::policy_digest);
    request.redactions = stored_redactions(row.text(RequestColumn::redactions));
    request.deadline = read_time(row, RequestColumn::deadline);
    request.run = parse_run_state(row.bytes(RequestColumn::run)).value_or(RunState::unknown);
    request.run_note = row.text(RequestColumn::run_note);
    if (request.run != RunState::none) {
        request.started_at = read_time(row, RequestColumn::started_at);
        request.finished_at = read_time(row, RequestColumn::finished_at);
    }
    request.session = stored.session = row.integer(RequestColumn::session);
    stored.boot_id = row.text(RequestColumn::boot_id);
    stored.boot_deadline = plausible_boot_deadline(row.integer(RequestColumn::boot_deadline));
    stored.is_open = row.flag(RequestColumn::is_open);
    stored.started_at = row.optional_text(RequestColumn::started_at);
    stored.finished_at = row.optional_text(RequestColumn::finished_at);
    tell_whether_it_awaits_agent(stored);
}

/// Reads who decided on a request.
template <StoredRows Rows>
void read_decider(const Rows& row, StoredRequest& stored) {
    if (row.is_null(RequestColumn::reviewer)) return name_decider(stored, nullptr);
    Decision decision;
    decision.reviewer = row.text(RequestColumn::reviewer);
    decision.way = row.text(RequestColumn::way);
    name_decider(stored, &decision);
}

template <StoredRows Rows>
[[nodiscard]] StoredRequest read_request(const Rows& row) {
    StoredRequest stored;
    stored.status_text = row.text(RequestColumn::status);
    ApprovalRequest& request = stored.request;
    request.id = row.text(RequestColumn::id);
    request.tool_name = row.text(RequestColumn::tool_name);
    request.tool_args = stored_json(row.text(RequestColumn::tool_args));
    // An unknown state must never count as approved or as waiting.
    request.status = parse_approval_status(stored.status_text).value_or(ApprovalStatus::cancelled);
    request.created_at = parse_time(row.bytes(RequestColumn::created_at)).value_or(Time{});
    request.reviewed_at = read_time(row, RequestColumn::reviewed_at);
    request.reviewer_notes = row.optional_text(RequestColumn::reviewer_notes);
    request.metadata = stored_json(row.text(RequestColumn::metadata));
    stored.reviewed_at = row.text(RequestColumn::reviewed_at);
    stored.decision_entry = row.text(RequestColumn::decision_entry);
    stored.decided_at = row.text(RequestColumn::decided_at);
    if (!row.is_null(RequestColumn::session)) read_own(row, stored);
    if (!row.is_null(RequestColumn::copy_of)) keep_copy(stored, read_view(row, RequestColumn::copy));
    read_decider(row, stored);
    return stored;
}

/// Returns the place after which the page that `query` asks for begins. Throws Error (invalid_option) for a cursor that
/// cannot come from a page.
[[nodiscard]] RequestCursor cursor_of(const RequestQuery& query);

/// Returns the range of the ids that begin with `prefix`, in any case: from the first text, up to but not including the
/// second.
[[nodiscard]] std::pair<std::string, std::string> range_of_ids(std::string_view prefix);

/// Reads a page from `rows`; the query returns one row more than `limit`. `now` is needed to tell how long each request
/// may still be answered. `complete` may be empty.
template <StoredRows Rows>
[[nodiscard]] RequestPage read_request_page(Rows rows, std::size_t limit, const Moment& now,
                                            const CompleteRequest& complete) {
    RequestPage page;
    PageSize size(limit);
    RequestCursor last;
    while (rows.next()) {
        if (size.is_full()) {
            page.next = cursor_text(last);
            break;
        }
        last = {std::string(rows.bytes(RequestColumn::created_at)), std::string(rows.bytes(RequestColumn::id))};
        size.add_row(rows.size());
        StoredRequest stored = read_request(rows);
        tell_times(stored, now);
        if (complete) size.add_bytes(complete(stored.request));
        page.requests.push_back(std::move(stored.request));
    }
    return page;
}

}  // namespace approvekit::record
