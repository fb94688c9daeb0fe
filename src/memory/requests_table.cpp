#include "approvekit/error.hpp"
#include "memory/tables.hpp"
#include "record/start_window.hpp"
#include "record/stored_json.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace approvekit::memory {

namespace {

using record::StoredRequest;

SubmittedView view_of(const RequestRow& row) {
    return {.tool_name = row.tool_name,
            .tool_args = record::stored_json(row.tool_args),
            .created_at = parse_time(row.created_at).value_or(Time{}),
            .metadata = record::stored_json(row.metadata)};
}

bool says_the_same(const RequestRow& row, const RequestRow& copy) {
    return row.tool_name == copy.tool_name && row.tool_args == copy.tool_args && row.created_at == copy.created_at &&
           row.metadata == copy.metadata;
}

void read_row(const std::string& id, const RequestRow& row, StoredRequest& stored) {
    SubmittedView view = view_of(row);
    ApprovalRequest& request = stored.request;
    stored.status_text = row.status;
    stored.reviewed_at = row.reviewed_at.value_or("");
    request.id = id;
    request.tool_name = std::move(view.tool_name);
    request.tool_args = std::move(view.tool_args);
    request.status = parse_approval_status(row.status).value_or(ApprovalStatus::cancelled);
    request.created_at = view.created_at;
    if (row.reviewed_at) request.reviewed_at = parse_time(*row.reviewed_at);
    request.reviewer_notes = row.reviewer_notes;
    request.metadata = std::move(view.metadata);
}

void read_binding(const BindingRow& kept, StoredRequest& stored) {
    ApprovalRequest& request = stored.request;
    request.ours = true;
    request.agent = kept.submitted.agent;
    request.nonce = kept.submitted.nonce;
    request.action_digest = kept.submitted.action_digest;
    request.view_digest = kept.view_digest;
    request.policy_digest = kept.submitted.policy_digest;
    request.redactions = kept.submitted.redactions;
    request.deadline = kept.submitted.deadline;
    request.run = kept.run.state;
    request.run_note = kept.note;
    if (!kept.run.started_at.empty()) stored.started_at = kept.run.started_at;
    stored.finished_at = kept.finished_at;
    if (request.run != RunState::none) {
        request.started_at = parse_time(kept.run.started_at);
        if (kept.finished_at) request.finished_at = parse_time(*kept.finished_at);
    }
    request.session = stored.session = kept.binding.session;
    stored.boot_id = kept.binding.boot_id;
    stored.boot_deadline = kept.binding.boot_deadline;
    stored.is_open = kept.run.is_open;
    tell_whether_it_awaits_agent(stored);
}

/// Unique, and ordered by time. Contains a plus sign, since URLs must encode it.
std::string cursor_of(const ApprovalRequest& request) {
    return to_text(request.created_at) + "+" + request.id;
}

}  // namespace

void RequestsTable::insert(const ApprovalRequest& request) {
    RequestRow row{.tool_name = request.tool_name,
                   .tool_args = canonical_json(request.tool_args, JsonLimits{SIZE_MAX, SIZE_MAX}),
                   .status = "pending",
                   .created_at = to_text(request.created_at),
                   .reviewed_at = std::nullopt,
                   .reviewer_notes = std::nullopt,
                   .metadata = request.metadata.dump()};
    if (!state_.requests.emplace(request.id, std::move(row)).second) {
        throw StorageError(ErrorCode::storage_io, "there is a request with the id " + request.id);
    }
}

void RequestsTable::settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                           const std::optional<std::string>& notes) {
    const auto found = state_.requests.find(id);
    if (found == state_.requests.end()) return;
    found->second.status = to_string(status);
    found->second.reviewed_at = reviewed_at;
    found->second.reviewer_notes = notes;
}

std::optional<StoredRequest> RequestsTable::find(std::string_view id) {
    const auto found = state_.requests.find(id);
    if (found == state_.requests.end()) return std::nullopt;
    const RequestRow& row = found->second;
    StoredRequest stored;
    read_row(found->first, row, stored);
    const auto decision = DecisionsTable(state_).find(id);
    if (decision) {
        stored.decision_entry = decision->entry_id;
        stored.decided_at = decision->decided_at;
    }
    if (const auto kept = state_.bindings.find(id); kept != state_.bindings.end()) {
        read_binding(*kept->second, stored);
        if (!says_the_same(row, kept->second->copy)) keep_copy(stored, view_of(kept->second->copy));
    }
    name_decider(stored, decision ? &decision->decision : nullptr);
    return stored;
}

std::vector<std::string> RequestsTable::reopened() {
    std::vector<std::string> ids;
    AuditTable entries(state_);
    for (const auto& [id, row] : state_.requests) {
        if (row.status != "pending") continue;
        const auto kept = state_.bindings.find(id);
        const bool is_closed = kept != state_.bindings.end() && !kept->second->run.is_open;
        if (is_closed || entries.settlement(id)) ids.push_back(id);
    }
    return ids;
}

bool RequestsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredRequest>& look) {
    if (from == std::numeric_limits<std::int64_t>::max()) return false;
    from = std::numeric_limits<std::int64_t>::max();
    for (const auto& [id, row] : state_.requests) {
        if (!look(*find(id), "")) return false;
    }
    return true;
}

std::vector<std::string> RequestsTable::find_ids(std::string_view prefix, std::size_t limit) {
    const std::string wanted = text::lower_case(prefix);
    std::vector<std::string> ids;
    for (const auto& [id, row] : state_.requests) {
        if (ids.size() < limit && text::lower_case(id).starts_with(wanted)) ids.push_back(id);
    }
    return ids;
}

RequestPage RequestsTable::list(const RequestQuery& query, const record::Moment& now,
                                const record::CompleteRequest& complete) {
    if (!query.cursor.empty() && query.cursor.find('+') == std::string::npos) throw not_a_cursor();
    const bool oldest_first = query.status == ApprovalStatus::pending;
    std::map<std::string, StoredRequest> by_cursor;
    for (const auto& [id, row] : state_.requests) {
        if (query.status && row.status != to_string(*query.status)) continue;
        StoredRequest stored = *find(id);
        std::string place = cursor_of(stored.request);
        const bool is_behind = oldest_first ? place > query.cursor : place < query.cursor;
        if (query.cursor.empty() || is_behind) by_cursor.emplace(std::move(place), std::move(stored));
    }
    std::vector<ApprovalRequest> all;
    for (auto& [place, stored] : by_cursor) {
        tell_times(stored, now);
        if (complete) complete(stored.request);
        all.push_back(std::move(stored.request));
    }
    if (!oldest_first) std::reverse(all.begin(), all.end());
    RequestPage page;
    if (move_page(all, query.limit, page.requests)) page.next = cursor_of(page.requests.back());
    return page;
}

void BindingsTable::insert(const ApprovalRequest& request, const record::Binding& binding) {
    BindingRow kept;
    kept.submitted = request;
    kept.view_digest = request.view_digest;
    kept.copy = state_.requests.at(request.id);
    kept.binding = binding;
    kept.run.is_open = true;
    state_.bindings[request.id] = std::make_shared<const BindingRow>(std::move(kept));
}

template <typename Change>
void BindingsTable::change(const std::string& id, Change change) {
    const auto found = state_.bindings.find(id);
    if (found == state_.bindings.end()) return;
    auto changed = std::make_shared<BindingRow>(*found->second);
    change(*changed);
    found->second = std::move(changed);
}

void BindingsTable::bind(const std::string& id, std::int64_t session) {
    change(id, [&](BindingRow& row) { row.binding.session = session; });
}

void BindingsTable::keep_deadline_in(const std::string& boot, const std::string& id, std::int64_t boot_deadline) {
    change(id, [&](BindingRow& row) {
        row.binding.boot_id = boot;
        row.binding.boot_deadline = boot_deadline;
    });
}

void BindingsTable::start(const std::string& id, const std::string& at) {
    change(id, [&](BindingRow& row) {
        row.run.state = RunState::running;
        row.run.started_at = at;
    });
}

void BindingsTable::set_boot_deadline(const std::string& id, std::int64_t boot_deadline) {
    change(id, [&](BindingRow& row) { row.binding.boot_deadline = boot_deadline; });
}

void BindingsTable::close(const std::string& id, RunState run, const std::string& note, const std::string& at) {
    change(id, [&](BindingRow& row) {
        row.run.is_open = false;
        row.run.state = run;
        row.note = note;
        row.finished_at = at;
    });
}

std::vector<std::string> BindingsTable::due(const record::Moment& moment) {
    std::vector<std::string> ids;
    for (const auto& [id, row] : state_.bindings) {
        if (!row->run.is_open || row->run.state != RunState::none) continue;
        const bool is_late = row->submitted.deadline.value_or(row->submitted.created_at) <= moment.now;
        const bool by_wall = is_late && !DecisionsTable(state_).find(id);
        const bool by_boot =
            row->binding.boot_id == moment.boot_id && row->binding.boot_deadline <= moment.since_boot.count();
        if (by_wall || by_boot) ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> BindingsTable::decided_before(const record::Moment& moment) {
    std::vector<std::string> ids;
    for (const auto& [id, row] : state_.bindings) {
        if (!row->run.is_open || row->run.state != RunState::none) continue;
        const bool is_late = row->submitted.deadline.value_or(row->submitted.created_at) <= moment.now;
        if (is_late && DecisionsTable(state_).find(id)) ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> BindingsTable::open_of(std::int64_t session) {
    std::vector<std::string> ids;
    for (const auto& [id, row] : state_.bindings) {
        if (row->run.is_open && row->binding.session == session) ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> BindingsTable::left_in_other_boots(const std::string& boot) {
    std::vector<std::string> ids;
    for (const auto& [id, row] : state_.bindings) {
        const bool is_left = row->run.is_open && row->run.state == RunState::none && row->binding.session == 0;
        if (is_left && row->binding.boot_id != boot) ids.push_back(id);
    }
    return ids;
}

std::optional<SubmittedView> BindingsTable::submitted(std::string_view id) {
    const auto found = state_.bindings.find(id);
    if (found == state_.bindings.end()) return std::nullopt;
    return view_of(found->second->copy);
}

std::optional<record::StoredRun> BindingsTable::run_of(std::string_view id) {
    const auto found = state_.bindings.find(id);
    if (found == state_.bindings.end()) return std::nullopt;
    record::StoredRun run = found->second->run;
    run.session = found->second->binding.session;
    run.has_row = state_.requests.contains(id);
    return run;
}

std::vector<std::string> BindingsTable::orphans() {
    std::vector<std::string> ids;
    for (const auto& [id, row] : state_.bindings) {
        if (!row->run.is_open && !state_.requests.contains(id)) ids.push_back(id);
    }
    return ids;
}

}  // namespace approvekit::memory
