#include "record/endings.hpp"

#include "approvekit/error.hpp"
#include "record/limit_book.hpp"
#include "record/start_window.hpp"
#include "record/ways.hpp"

#include <optional>
#include <utility>

namespace approvekit::record {

namespace {

constexpr const char* came_back_reason = "its row was gone, and another program put it back";

/// Returns a sentence on how another program changed a final state. Does not quote the row, which may contain anything.
std::string change_of(const std::string& state, const std::string& text) {
    if (state == "answered" && text == "approved") return "answer turned into an approval by another program";
    if (state == "rejected" && text == "approved") return "rejection turned into an approval by another program";
    return "another program set its status to " +
           (parse_approval_status(text) ? text : std::string("a word that is not a status"));
}

}  // namespace

AuditEvent event_of(ApprovalStatus status) noexcept {
    switch (status) {
        case ApprovalStatus::approved:
            return AuditEvent::approved;
        case ApprovalStatus::rejected:
            return AuditEvent::rejected;
        case ApprovalStatus::timeout:
            return AuditEvent::timeout;
        case ApprovalStatus::answered:
            return AuditEvent::answered;
        default:
            return AuditEvent::cancelled;
    }
}

std::optional<std::string> optional_notes(const std::string& notes) {
    return notes.empty() ? std::nullopt : std::optional(notes);
}

void Endings::settle(StoredRequest& stored, ApprovalStatus status, const Author& author, const std::string& notes) {
    const std::string id = stored.request.id;
    audit_.ending(stored, event_of(status), author, notes);
    work_.tables.requests.settle(id, status, work_.moment.text, notes);
    work_.tables.bindings.close(id, RunState::none, notes, work_.moment.text);
    work_.announce(id, status);
    stored = reread(id);
}

void Endings::refuse(const StoredRequest& stored, const std::string& reason, const ApprovalRequest* submitted) {
    audit_.ending(stored, AuditEvent::refused, {"", way::agent}, reason, submitted);
    work_.tables.bindings.close(stored.request.id, RunState::none, reason, work_.moment.text);
    work_.announce(stored.request.id, stored.request.status);
}

void Endings::abandon(const std::string& id, const char* way, const ApprovalRequest* submitted) {
    audit_.removed(id, row_gone_reason, way, submitted);
    const auto run = work_.tables.bindings.run_of(id);
    if (!run || !run->is_open || run->state != RunState::none) return;
    work_.tables.bindings.close(id, RunState::none, row_gone_reason, work_.moment.text);
}

void Endings::mark_unknown(const std::string& id) {
    const auto decision = work_.tables.decisions.find(id);
    const auto submitted = work_.tables.bindings.submitted(id);
    RunOutcome outcome;
    outcome.entry_id = decision ? decision->entry_id : "";
    outcome.request_id = id;
    outcome.tool_name = submitted ? submitted->tool_name : "";
    outcome.note = death_reason;
    audit_.outcome(outcome, AuditEvent::unknown, way::sweep);
    work_.tables.bindings.close(id, RunState::unknown, outcome.note, work_.moment.text);
    work_.announce(id, ApprovalStatus::approved);
}

void Endings::release(const std::string& id, ApprovalStatus status) {
    work_.tables.bindings.bind(id, 0);
    work_.announce(id, status);
}

void Endings::withdraw(const UnstartedCall& step) {
    const bool is_intent = step.request_id == auto_request_id;
    // The request before its limit, in the same order as when it starts.
    auto stored = is_intent ? std::nullopt : work_.tables.requests.find(step.request_id);
    give_back(work_.tables.uses, is_intent ? step.entry_id : step.request_id);
    if (is_intent) return audit_.unstarted(step);
    if (!stored) {
        const std::string reason = step.reason + "; " + row_gone_reason;
        audit_.removed(step.request_id, reason, way::agent, nullptr);
        return work_.tables.bindings.close(step.request_id, RunState::none, reason, work_.moment.text);
    }
    restore(*stored);
    if (stored->request.status == ApprovalStatus::pending) {
        settle(*stored, ApprovalStatus::cancelled, {"", way::agent}, step.reason);
    } else {
        refuse(*stored, step.reason);
    }
}

bool Endings::restore(StoredRequest& stored) {
    const std::string id = stored.request.id;
    const auto entry = work_.tables.entries.settlement(id);
    if (!entry) {
        const bool came_back =
            stored.request.status == ApprovalStatus::pending && stored.request.ours && !stored.is_open;
        if (came_back) settle(stored, ApprovalStatus::cancelled, {"", way::database}, came_back_reason);
        return came_back;
    }
    const std::string state(to_string(entry->event));
    if (stored.status_text == state) return false;
    const std::string reason = change_of(state, stored.status_text) + "; it is " + state + " as before";
    const ApprovalStatus status = *parse_approval_status(state);
    audit_.ending(stored, AuditEvent::refused, {"", way::database}, reason);
    work_.tables.requests.settle(id, status, entry->timestamp, entry->notes);
    if (stored.is_open && stored.request.run == RunState::none) {
        work_.tables.bindings.close(id, RunState::none, reason, work_.moment.text);
    }
    work_.announce(id, status);
    stored = reread(id);
    return true;
}

void Endings::open_start_window(StoredRequest& stored) {
    const std::int64_t limit = boot_limit(stored, work_.moment);
    if (limit == stored.boot_deadline) return;
    stored.boot_deadline = limit;
    work_.tables.bindings.set_boot_deadline(stored.request.id, stored.boot_deadline);
}

void Endings::adopt_foreign_decision(StoredRequest& stored) {
    const ApprovalRequest& request = stored.request;
    if (!stored.is_open || request.run != RunState::none) return;
    // A row without an entry may also come from another program.
    if (work_.tables.decisions.find(request.id) && work_.tables.entries.settlement(request.id)) return;
    // Only our own entries can record an answer; a row alone does not.
    if (request.status == ApprovalStatus::answered) stored.request.status = ApprovalStatus::cancelled;
    const std::string notes = request.reviewer_notes.value_or("");
    const bool decided = request.status == ApprovalStatus::approved || request.status == ApprovalStatus::rejected;
    const Author author{decided ? "unknown" : "", way::database};
    const std::string entry_id = audit_.decision(stored, event_of(request.status), author, optional_notes(notes));
    if (decided) {
        Decision decision;
        decision.request_id = request.id;
        decision.verdict = request.status == ApprovalStatus::approved ? Verdict::approve : Verdict::reject;
        decision.reviewer = author.reviewer;
        decision.way = author.way;
        decision.notes = notes;
        const bool is_in_time = !is_overdue(stored, work_.moment);
        if (decision.verdict == Verdict::approve && is_in_time) open_start_window(stored);
        work_.tables.decisions.insert({decision, work_.moment.text, entry_id});
    }
    if (stored.status_text != to_string(request.status)) {
        // The word was not a status. From now on the row has the status that it counts as.
        work_.tables.requests.settle(request.id, request.status, work_.moment.text, request.reviewer_notes);
    }
    if (request.status != ApprovalStatus::approved) {
        work_.tables.bindings.close(request.id, RunState::none, "", work_.moment.text);
    }
    stored = reread(request.id);
}

StoredRequest Endings::reread(const std::string& id) {
    auto stored = work_.tables.requests.find(id);
    if (!stored) throw StorageError(ErrorCode::storage_corrupt, "request " + id + " vanished while it was decided");
    return std::move(*stored);
}

}  // namespace approvekit::record
