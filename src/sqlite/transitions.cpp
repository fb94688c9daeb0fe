#include "sqlite/transitions.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "record/shown_view.hpp"
#include "text/shortened.hpp"

#include <utility>

namespace approvekit::sqlite {

namespace {

std::string moment_of_end(const ApprovalRequest& request) {
    return request.reviewed_at ? " at " + to_text(*request.reviewed_at) + " UTC" : "";
}

std::exception_ptr already_decided(const ApprovalRequest& request) {
    const std::string by = request.reviewer.empty() ? "" : " by " + request.reviewer + " (" + request.way + ")";
    return std::make_exception_ptr(DecisionError(
        ErrorCode::already_decided, "request " + request.id + " was already " + std::string(to_string(request.status)) +
                                        by + moment_of_end(request)));
}

/// Says what happened, and that a decision changes nothing any more.
std::exception_ptr already_settled(const ApprovalRequest& request) {
    if (request.status == ApprovalStatus::approved || request.status == ApprovalStatus::rejected) {
        return already_decided(request);
    }
    const bool cancelled = request.status == ApprovalStatus::cancelled;
    std::string text =
        "request " + request.id + (cancelled ? " was cancelled" : " ended unanswered") + moment_of_end(request);
    if (const std::string why = request.reviewer_notes.value_or(""); !why.empty()) text += ": " + why;
    text += "; nothing runs, and the agent has to ask anew";
    return std::make_exception_ptr(DecisionError(cancelled ? ErrorCode::cancelled : ErrorCode::expired, text));
}

std::exception_ptr altered_decision(const ApprovalRequest& request) {
    return std::make_exception_ptr(DecisionError(
        ErrorCode::altered, "request " + request.id + " is not the one that was shown any more; look at it again"));
}

bool was_edited(const ApprovalRequest& request) {
    return request.ours && !shows(request, request.view_digest);
}

AuditEvent event_of(ApprovalStatus status) noexcept {
    switch (status) {
        case ApprovalStatus::approved:
            return AuditEvent::approved;
        case ApprovalStatus::rejected:
            return AuditEvent::rejected;
        case ApprovalStatus::timeout:
            return AuditEvent::timeout;
        default:
            return AuditEvent::cancelled;
    }
}

/// Of a run that started.
AuditEvent event_of(RunState ended) noexcept {
    if (ended == RunState::executed) return AuditEvent::executed;
    return ended == RunState::unknown ? AuditEvent::unknown : AuditEvent::failed;
}

std::optional<std::string> optional_notes(const std::string& notes) {
    return notes.empty() ? std::nullopt : std::optional(notes);
}

}  // namespace

Moment moment_of(const Clock& clock) {
    Moment moment;
    moment.now = clock.now();
    moment.text = to_text(moment.now);
    moment.since_boot = clock.since_boot();
    return moment;
}

Transitions::Transitions(Tables& tables, const Writer& writer, Moment moment)
    : tables_(tables), writer_(writer), moment_(std::move(moment)) {}

void Transitions::submit(const ApprovalRequest& request, const HoldBinding& binding) {
    tables_.requests.insert(request);
    tables_.holds.insert(request, binding);
    announce(request.id, ApprovalStatus::pending);
}

Result<ApprovalRequest> Transitions::decide(const Decision& decision) {
    auto found = tables_.requests.find(decision.request_id);
    if (!found) throw DecisionError(ErrorCode::not_found, "there is no request " + decision.request_id);
    StoredRequest& stored = *found;
    restore(stored);
    if (stored.request.status != ApprovalStatus::pending) {
        adopt_foreign_decision(stored);
        const bool repeated = is_repeated(stored, decision);
        return {stored.request, repeated ? nullptr : already_settled(stored.request)};
    }
    const bool overdue = is_overdue(stored);
    if (overdue || agent_is_gone(stored)) {
        settle(stored, ApprovalStatus::timeout, {"", "sweep"}, overdue ? overdue_reason : gone_reason);
        return {stored.request, already_settled(stored.request)};
    }
    const bool unseen = !decision.view_digest.empty() && !shows(stored.request, decision.view_digest);
    if (decision.verdict == Verdict::approve && (unseen || was_edited(stored.request))) {
        return {stored.request, altered_decision(stored.request)};
    }
    apply(stored, decision);
    return {stored.request, nullptr};
}

bool Transitions::is_repeated(const StoredRequest& stored, const Decision& decision) {
    const bool approves = decision.verdict == Verdict::approve;
    if (stored.request.status != (approves ? ApprovalStatus::approved : ApprovalStatus::rejected)) return false;
    const auto taken = tables_.decisions.find(stored.request.id);
    return taken && is_same_decision(taken->decision, decision);
}

void Transitions::apply(StoredRequest& stored, const Decision& decision) {
    const bool approved = decision.verdict == Verdict::approve;
    const auto status = approved ? ApprovalStatus::approved : ApprovalStatus::rejected;
    const Author author{decision.reviewer, decision.way, decision.signature.has_value()};
    const std::string entry_id = audit_decision(stored, event_of(status), author, optional_notes(decision.notes));
    tables_.decisions.insert({decision, moment_.text, entry_id});
    tables_.requests.settle(stored.request.id, status, moment_.text, optional_notes(decision.notes));
    if (!approved) tables_.holds.close(stored.request.id, RunState::none, "", moment_.text);
    announce(stored.request.id, status);
    stored = reread(stored.request.id);
}

Result<std::string> Transitions::claim(const Claim& claim) {
    auto found = tables_.requests.find(claim.request_id);
    if (!found) {
        abandon(claim.request_id, row_gone_reason, "agent", claim.submitted);
        return {"", std::make_exception_ptr(RequestAlteredError("", claim.request_id))};
    }
    StoredRequest& stored = *found;
    const ApprovalRequest& request = stored.request;
    const bool was_open = stored.is_open && request.run == RunState::none;
    if (restore(stored) && was_open) {
        return {"", std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id))};
    }
    if (request.run != RunState::none || (request.ours && !stored.is_open)) {
        return {"", objection_to_second_claim(stored, claim)};
    }
    if (request.status == ApprovalStatus::pending) {
        settle(stored, ApprovalStatus::cancelled, {"", "agent"}, "its agent wanted to start it unapproved");
        return {"", std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id))};
    }
    auto decision = tables_.decisions.find(request.id);
    if (!decision || !claim.verify) {  // a signature tells whose decision it is, whoever wrote it down
        adopt_foreign_decision(stored);
        decision = tables_.decisions.find(request.id);
    }
    if (std::exception_ptr objection = objection_to_claim(stored, decision, claim)) return {"", objection};
    tables_.holds.start(request.id, moment_.text);
    return {decision ? decision->entry_id : "", nullptr};
}

std::exception_ptr Transitions::objection_to_second_claim(const StoredRequest& stored, const Claim& claim) {
    const ApprovalRequest& request = stored.request;
    if (request.run == RunState::none && is_overdue(stored)) {
        // Somebody swept it at the deadline, before its agent came to start it, and the record says so.
        return std::make_exception_ptr(ApprovalTimeoutError(request.tool_name, request.id, request.run_note));
    }
    const std::string reason = "started, refused or ended before";
    audit_end(stored, AuditEvent::refused, {"", "agent"}, "claimed again: " + reason, claim.submitted);
    return std::make_exception_ptr(
        DecisionError(ErrorCode::already_decided, "request " + request.id + " was " + reason));
}

std::exception_ptr Transitions::objection_to_claim(const StoredRequest& stored,
                                                   const std::optional<StoredDecision>& decision, const Claim& claim) {
    const ApprovalRequest& request = stored.request;
    if (!request.ours || request.status != ApprovalStatus::approved || request.view_digest != claim.view_digest ||
        !shows(request, claim.view_digest)) {
        refuse(stored, "altered: the stored request is not the one that was submitted", claim.submitted);
        return std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id));
    }
    if (is_overdue(stored)) {
        const std::string reason = "approved, but not started by the deadline";
        refuse(stored, reason, claim.submitted);
        return std::make_exception_ptr(ApprovalTimeoutError(request.tool_name, request.id, reason));
    }
    if (!claim.verify) return nullptr;
    const auto reason =
        decision ? claim.verify(decision->decision) : std::optional<std::string>("unsigned: no decision");
    if (!reason) return nullptr;
    refuse(stored, shortened("untrusted decision: " + *reason, maximum_outcome_note_bytes), claim.submitted);
    return std::make_exception_ptr(UntrustedDecisionError(request.tool_name, request.id, *reason));
}

Result<ApprovalRequest> Transitions::end(const std::string& id, ApprovalStatus status, const std::string& reason) {
    auto found = tables_.requests.find(id);
    if (!found) {
        abandon(id, row_gone_reason, "agent");
        return {{}, std::make_exception_ptr(RequestAlteredError("", id))};
    }
    StoredRequest& stored = *found;
    restore(stored);
    if (stored.request.status == ApprovalStatus::pending) {
        settle(stored, status, {"", "agent"}, reason);
    } else {
        adopt_foreign_decision(stored);
        const bool unstarted = stored.is_open && stored.request.run == RunState::none;
        if (unstarted && status == ApprovalStatus::cancelled) refuse(stored, "approved, but " + reason);
    }
    return {stored.request, nullptr};
}

bool Transitions::wants(const RunOutcome& outcome) {
    if (outcome.request_id == auto_request_id) return tables_.audit.is_open_intent(outcome.entry_id);
    const auto stored = tables_.requests.find(outcome.request_id);
    if (!stored || !stored->is_open) return false;
    return outcome.state == RunState::none || stored->request.run == RunState::running;
}

void Transitions::finish(const RunOutcome& outcome) {
    if (outcome.state == RunState::none) return withdraw(outcome);
    audit_outcome(outcome, event_of(outcome.state), "agent");
    if (outcome.request_id == auto_request_id) return;
    tables_.holds.close(outcome.request_id, outcome.state, outcome.note, moment_.text);
    announce(outcome.request_id, ApprovalStatus::approved);
}

std::string Transitions::allow(const Intent& intent) {
    return audit_intent(intent, AuditEvent::approved);
}

std::string Transitions::deny(const Intent& intent) {
    return audit_intent(intent, AuditEvent::denied);
}

void Transitions::settle(StoredRequest& stored, ApprovalStatus status, const Author& author, const std::string& notes) {
    const std::string id = stored.request.id;
    audit_end(stored, event_of(status), author, notes);
    tables_.requests.settle(id, status, moment_.text, notes);
    tables_.holds.close(id, RunState::none, notes, moment_.text);
    announce(id, status);
    stored = reread(id);
}

void Transitions::refuse(const StoredRequest& stored, const std::string& reason, const ApprovalRequest* submitted) {
    audit_end(stored, AuditEvent::refused, {"", "agent"}, reason, submitted);
    tables_.holds.close(stored.request.id, RunState::none, reason, moment_.text);
    announce(stored.request.id, stored.request.status);
}

void Transitions::withdraw(const RunOutcome& step) {
    if (step.request_id == auto_request_id) return audit_outcome(step, AuditEvent::refused, "agent");
    auto stored = tables_.requests.find(step.request_id);
    if (!stored) return abandon(step.request_id, step.note, "agent");
    restore(*stored);
    if (stored->request.status == ApprovalStatus::pending) {
        settle(*stored, ApprovalStatus::cancelled, {"", "agent"}, step.note);
    } else {
        refuse(*stored, step.note);
    }
}

void Transitions::mark_unknown(const StoredRequest& stored) {
    const std::string reason = "the agent died while the tool may have been running";
    const auto decision = tables_.decisions.find(stored.request.id);
    RunOutcome outcome;
    outcome.entry_id = decision ? decision->entry_id : "";
    outcome.request_id = stored.request.id;
    outcome.tool_name = stored.request.tool_name;
    outcome.note = reason;
    audit_outcome(outcome, AuditEvent::unknown, "sweep");
    tables_.holds.close(stored.request.id, RunState::unknown, reason, moment_.text);
    announce(stored.request.id, stored.request.status);
}

void Transitions::adopt_foreign_decision(StoredRequest& stored) {
    const ApprovalRequest& request = stored.request;
    if (!stored.is_open || request.run != RunState::none) return;
    // A row without an entry may be another program's as well.
    if (tables_.decisions.find(request.id) && tables_.audit.settlement(request.id)) return;
    const std::string notes = request.reviewer_notes.value_or("");
    const bool decided = request.status == ApprovalStatus::approved || request.status == ApprovalStatus::rejected;
    const Author author{decided ? "unknown" : "", "database"};
    const std::string entry_id = audit_decision(stored, event_of(request.status), author, optional_notes(notes));
    if (decided) {
        Decision decision;
        decision.request_id = request.id;
        decision.verdict = request.status == ApprovalStatus::approved ? Verdict::approve : Verdict::reject;
        decision.reviewer = author.reviewer;
        decision.way = author.way;
        decision.notes = notes;
        tables_.decisions.insert({decision, moment_.text, entry_id});
    }
    if (stored.status_text != to_string(request.status)) {
        // A word that is no status: what it counts as is what the row says from now on.
        tables_.requests.settle(request.id, request.status, moment_.text, request.reviewer_notes);
    }
    if (request.status != ApprovalStatus::approved) {
        tables_.holds.close(request.id, RunState::none, "", moment_.text);
    }
    stored = reread(request.id);
}

StoredRequest Transitions::reread(const std::string& id) {
    auto stored = tables_.requests.find(id);
    if (!stored) throw StorageError(ErrorCode::storage_corrupt, "request " + id + " vanished while it was decided");
    return std::move(*stored);
}

void Transitions::announce(const std::string& id, ApprovalStatus status) {
    tables_.changes.add(id, to_string(status));
    changes_.push_back({id, status});
}

}  // namespace approvekit::sqlite
