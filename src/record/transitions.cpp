#include "record/transitions.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "record/answers.hpp"
#include "record/decision_check.hpp"
#include "record/edits.hpp"
#include "record/grant_control.hpp"
#include "record/grant_terms.hpp"
#include "record/limit_book.hpp"
#include "record/shown_view.hpp"
#include "record/start_window.hpp"
#include "record/stop_control.hpp"
#include "record/sweep.hpp"
#include "record/voting.hpp"
#include "record/ways.hpp"
#include "text/utf8.hpp"

#include <utility>

namespace approvekit::record {

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

/// Says what happened, and that a decision does not change it any more.
std::exception_ptr already_settled(const ApprovalRequest& request) {
    if (verdict_of(request.status)) return already_decided(request);
    const bool cancelled = request.status == ApprovalStatus::cancelled;
    std::string text =
        "request " + request.id + (cancelled ? " was cancelled" : " ended unanswered") + moment_of_end(request);
    if (const std::string why = request.reviewer_notes.value_or(""); !why.empty()) text += ": " + why;
    text += "; nothing runs, and the agent has to ask again";
    return std::make_exception_ptr(DecisionError(cancelled ? ErrorCode::cancelled : ErrorCode::expired, text));
}

constexpr const char* taken_over_reason = "another agent asked again with its key and took it over";

std::exception_ptr taken_over(const ApprovalRequest& request) {
    return std::make_exception_ptr(ApprovalCancelledError(request.tool_name, request.id, taken_over_reason));
}

bool was_edited(const ApprovalRequest& request) {
    return request.ours && !shows(request, request.view_digest);
}

/// Returns why an approval does not count for the waiting request, or null if it counts.
std::exception_ptr objection_to_approval(const ApprovalRequest& request, const Decision& decision) {
    const bool unseen = !decision.view_digest.empty() && !shows(request, decision.view_digest);
    if (unseen || was_edited(request)) return std::make_exception_ptr(changed_since_shown(request));
    const std::string key = decision.signature ? decision.signature->key_id : "";
    const auto untrusted = objection_to_signer(request, decision.reviewer, key);
    return untrusted ? std::make_exception_ptr(DecisionError(ErrorCode::untrusted_decision, *untrusted)) : nullptr;
}

/// Returns why the arguments may not be edited like this, or null if they may or nothing was edited.
std::exception_ptr objection_to_edits_of(const ApprovalRequest& request, const Decision& decision) {
    if (decision.edits.is_null()) return nullptr;
    const auto objection = decision.verdict == Verdict::approve
                               ? objection_to_edits(request, decision.edits)
                               : std::optional<std::string>("only an approval changes arguments; leave the edits out");
    return objection ? std::make_exception_ptr(DecisionError(ErrorCode::invalid_edit, *objection)) : nullptr;
}

/// Returns why it may not be granted, or null if it may or nothing was granted.
std::exception_ptr refusal_of_grant(const ApprovalRequest& request, const Decision& decision, Time now) {
    const auto objection = objection_to_grant(request, decision, now);
    return objection ? std::make_exception_ptr(DecisionError(ErrorCode::invalid_grant, *objection)) : nullptr;
}

/// For a run that started.
AuditEvent event_of(RunState ended) noexcept {
    if (ended == RunState::executed) return AuditEvent::executed;
    return ended == RunState::unknown ? AuditEvent::unknown : AuditEvent::failed;
}

std::string words_on_denial(const std::string& words) {
    const std::string reason = "denied by the policy that came into force since it was asked";
    return text::shortened(words.empty() ? reason : reason + ": " + words, maximum_outcome_note_bytes);
}

}  // namespace

void Transitions::submit(const ApprovalRequest& request) {
    const Moment& moment = work_.moment;
    const auto left = request.deadline.value_or(request.created_at) - moment.now;
    work_.tables.requests.insert(request);
    work_.tables.bindings.insert(request, {work_.session, moment.boot_id, (moment.since_boot + left).count()});
    work_.announce(request.id, ApprovalStatus::pending);
}

Result<ApprovalRequest> Transitions::decide(const Decision& given) {
    const Decision decision = with_end_of_grant(given, work_.moment.now);
    auto found = work_.tables.requests.find(decision.request_id);
    if (!found) throw DecisionError(ErrorCode::not_found, "there is no request " + decision.request_id);
    StoredRequest& stored = *found;
    endings_.restore(stored);
    if (stored.request.status != ApprovalStatus::pending) {
        endings_.adopt_foreign_decision(stored);
        const bool repeated = is_repeated(stored, decision);
        tell_times(stored, work_.moment);
        tell_votes(stored.request, work_.tables, work_.moment.now);
        return {stored.request, repeated ? nullptr : already_settled(stored.request)};
    }
    const bool overdue = is_overdue(stored, work_.moment);
    if (overdue || agent_is_gone(stored)) {
        endings_.settle(stored, ApprovalStatus::timeout, {"", way::sweep}, overdue ? overdue_reason : gone_reason);
        return {stored.request, already_settled(stored.request)};
    }
    if (decision.verdict != Verdict::reject) {
        if (auto objection = objection_to_approval(stored.request, decision)) return {stored.request, objection};
    }
    if (auto objection = objection_to_edits_of(stored.request, decision)) return {stored.request, objection};
    if (auto objection = refusal_of_grant(stored.request, decision, work_.moment.now))
        return {stored.request, objection};
    if (auto objection = refusal_of_answer(stored.request, decision)) return {stored.request, objection};
    const std::optional<Quorum> quorum = submitted_quorum(stored.request);
    const auto vote = quorum ? Voting(work_).cast(stored, *quorum, decision) : Voting::Result{nullptr, true};
    if (vote.decides) apply(stored, decision);
    tell_times(stored, work_.moment);
    tell_votes(stored.request, work_.tables, work_.moment.now);
    return {stored.request, vote.refusal};
}

bool Transitions::is_repeated(const StoredRequest& stored, const Decision& decision) {
    if (stored.request.status != status_of(decision.verdict)) return false;
    auto taken = work_.tables.decisions.find(stored.request.id);
    const bool is_told =
        taken && tell_edits(*taken, stored.request, work_.tables.entries) && tell_answer(*taken, work_.tables.entries);
    if (is_told && is_same_decision(taken->decision, decision)) return true;
    const auto quorum = submitted_quorum(stored.request);
    return quorum && Voting(work_).has(stored, *quorum, decision);
}

void Transitions::apply(StoredRequest& stored, const Decision& decision) {
    const auto status = status_of(decision.verdict);
    const Author author{decision.reviewer, decision.way, decision.signature.has_value()};
    const std::string entry_id =
        audit_.decision(stored, event_of(status), author, optional_notes(decision.notes), &decision);
    work_.tables.decisions.insert({decision, work_.moment.text, entry_id});
    if (decision.grant) GrantControl(work_).give(stored.request, decision);
    if (submitted_quorum(stored.request)) Voting(work_).note(stored, decision, entry_id);
    work_.tables.requests.settle(stored.request.id, status, work_.moment.text, optional_notes(decision.notes));
    if (status == ApprovalStatus::approved) {
        endings_.open_start_window(stored);
    } else {
        work_.tables.bindings.close(stored.request.id, RunState::none, "", work_.moment.text);
    }
    work_.announce(stored.request.id, status);
    note_decision(stored, decision, work_.moment, entry_id);
}

Result<Start> Transitions::claim(const Claim& claim) {
    auto found = work_.tables.requests.find(claim.request_id);
    if (!found) {
        endings_.abandon(claim.request_id, way::agent, claim.submitted);
        return {{}, std::make_exception_ptr(RequestAlteredError("", claim.request_id))};
    }
    StoredRequest& stored = *found;
    const ApprovalRequest& request = stored.request;
    const bool was_open = stored.is_open && request.run == RunState::none;
    if (endings_.restore(stored) && was_open) {
        return {{}, std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id))};
    }
    if (claim.take_answer) return take_answer(stored, claim);
    if (request.run != RunState::none || (request.ours && !stored.is_open)) {
        return {{}, objection_to_second_claim(stored, claim)};
    }
    if (request.status == ApprovalStatus::pending) {
        endings_.settle(stored, ApprovalStatus::cancelled, {"", way::agent}, "its agent wanted to start it unapproved");
        return {{}, std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id))};
    }
    if (is_taken_over(stored)) {
        audit_.ending(stored, AuditEvent::refused, {"", way::agent}, taken_over_reason, claim.submitted);
        return {{}, taken_over(request)};
    }
    auto decision = work_.tables.decisions.find(request.id);
    // a signature proves whose decision it is, no matter who wrote it down
    if (!decision || !claim.verify) {
        endings_.adopt_foreign_decision(stored);
        decision = work_.tables.decisions.find(request.id);
    }
    if (std::exception_ptr objection = objection_to_claim(stored, decision, claim)) return {{}, objection};
    StopControl stops(work_);
    const Stop* stop = stops.in_the_way(request.tool_name, request.agent);
    if (stop == nullptr && !claim.agent.empty()) stop = stops.in_the_way(request.tool_name, claim.agent);
    if (stop != nullptr) return {{}, refusal_by(*stop, request.tool_name, request.id)};
    if (std::exception_ptr objection = take_of_limit(stored, claim)) return {{}, objection};
    if (request.ours && stored.session == 0) work_.tables.bindings.bind(request.id, work_.session);
    work_.tables.bindings.start(request.id, work_.moment.text);
    return {{decision ? decision->entry_id : "", work_.moment.text}, nullptr};
}

std::exception_ptr Transitions::take_of_limit(const StoredRequest& stored, const Claim& claim) {
    if (claim.use == nullptr) return nullptr;
    LimitBook book(work_, *claim.use);
    if (book.has_room_for_approved()) {
        book.count(stored.request.id);
        return nullptr;
    }
    endings_.refuse(stored, text::shortened(beyond_limit_note + claim.use->words, maximum_outcome_note_bytes),
                    claim.submitted);
    return beyond_limit(*claim.use, stored.request.tool_name, stored.request.id);
}

std::exception_ptr Transitions::objection_to_second_claim(const StoredRequest& stored, const Claim& claim) {
    const ApprovalRequest& request = stored.request;
    if (request.run == RunState::none && is_overdue(stored, work_.moment)) {
        // It was swept before its agent came to start it, and the record says so.
        return std::make_exception_ptr(ApprovalTimeoutError(request.tool_name, request.id, request.run_note));
    }
    const std::string reason = "started, refused or ended before";
    audit_.ending(stored, AuditEvent::refused, {"", way::agent}, "claimed again: " + reason, claim.submitted);
    return std::make_exception_ptr(
        DecisionError(ErrorCode::already_decided, "request " + request.id + " was " + reason));
}

std::exception_ptr Transitions::objection_to_claim(const StoredRequest& stored, std::optional<StoredDecision> decision,
                                                   const Claim& claim) {
    const ApprovalRequest& request = stored.request;
    if (!request.ours || request.status != ApprovalStatus::approved || request.view_digest != claim.view_digest ||
        !shows(request, claim.view_digest)) {
        endings_.refuse(stored, "altered: the stored request is not the one that was submitted", claim.submitted);
        return std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id));
    }
    if (is_overdue(stored, work_.moment)) {
        endings_.refuse(stored, unstarted_reason, claim.submitted);
        return std::make_exception_ptr(ApprovalTimeoutError(request.tool_name, request.id, unstarted_reason));
    }
    if (claim.denial) {
        endings_.refuse(stored, words_on_denial(*claim.denial), claim.submitted);
        return std::make_exception_ptr(PolicyDeniedError(request.tool_name, *claim.denial, request.id));
    }
    if (decision &&
        !tell_edits(*decision, claim.submitted != nullptr ? *claim.submitted : request, work_.tables.entries)) {
        endings_.refuse(stored, "altered: no entry records its approval", claim.submitted);
        return std::make_exception_ptr(
            RequestAlteredError(request.tool_name, request.id, "no entry of the record says that it was approved"));
    }
    const auto reason = distrust(request, decision, claim);
    if (!reason) return objection_to_edited_claim(stored, decision ? &decision->decision : nullptr, claim);
    endings_.refuse(stored, text::shortened("untrusted decision: " + *reason, maximum_outcome_note_bytes),
                    claim.submitted);
    return std::make_exception_ptr(UntrustedDecisionError(request.tool_name, request.id, *reason));
}

std::optional<std::string> Transitions::distrust(const ApprovalRequest& request,
                                                 const std::optional<StoredDecision>& decision, const Claim& claim) {
    // What was submitted, in the agent's own copy if it has one. The row is known to show the same here.
    const ApprovalRequest& submitted = claim.submitted != nullptr ? *claim.submitted : request;
    const auto quorum = submitted.quorum();
    if (decision && decision->decision.verdict == Verdict::answer) return "answer turned into an approval: it is none";
    if (claim.verify) {
        const auto reason =
            decision ? claim.verify(decision->decision) : std::optional<std::string>("unsigned: no decision");
        if (reason) return reason;
    }
    const Json& edits = decision ? decision->decision.edits : Json();
    return quorum ? Voting(work_).objection(request, *quorum, edits, claim.verify) : std::nullopt;
}

std::exception_ptr Transitions::objection_to_edited_claim(const StoredRequest& stored, const Decision* decision,
                                                          const Claim& claim) {
    const bool is_edited = decision != nullptr && !decision->edits.is_null();
    try {
        if (claim.take_edits) {
            claim.take_edits(is_edited ? decision : nullptr);
        } else if (is_edited) {
            throw RequestAlteredError(stored.request.tool_name, stored.request.id,
                                      decision->reviewer + " edited its arguments, and its agent takes no edited ones");
        }
        return nullptr;
    } catch (const RefusedError& refusal) {
        endings_.refuse(stored, text::shortened(refusal.what(), maximum_outcome_note_bytes), claim.submitted);
        return std::current_exception();
    }
}

Result<ApprovalRequest> Transitions::end(const std::string& id, ApprovalStatus status, const std::string& reason) {
    auto found = work_.tables.requests.find(id);
    if (!found) {
        endings_.abandon(id, way::agent);
        return {{}, std::make_exception_ptr(RequestAlteredError("", id))};
    }
    StoredRequest& stored = *found;
    endings_.restore(stored);
    const bool still_waits = stored.is_open && stored.request.run == RunState::none;
    const bool is_due = status == ApprovalStatus::timeout && is_overdue(stored, work_.moment);
    if (still_waits && !is_due && is_taken_over(stored)) {
        return {{}, taken_over(stored.request)};
    }
    if (stored.request.status == ApprovalStatus::pending) {
        endings_.settle(stored, status, {"", way::agent}, reason);
    } else {
        endings_.adopt_foreign_decision(stored);
        const bool unstarted = stored.is_open && stored.request.run == RunState::none;
        if (unstarted && status == ApprovalStatus::cancelled) endings_.refuse(stored, "approved, but " + reason);
    }
    return {stored.request, nullptr};
}

bool Transitions::is_taken_over(const StoredRequest& stored) {
    if (!stored.request.ours || (stored.session != 0 && stored.session == work_.session)) return false;
    if (stored.session != 0) return work_.tables.keys.has_request(stored.request.id);
    // Some agent released it. The last one that had it may continue, if others only believed that it was gone.
    std::int64_t last = work_.session;
    work_.tables.entries.each_of(stored.request.id, [&](std::int64_t, const AuditRecord& record) {
        if (record.event == AuditEvent::resumed) last = record.session;
    });
    return work_.session == 0 || last != work_.session;
}

bool Transitions::wants(const RunOutcome& outcome) {
    if (outcome.request_id == auto_request_id) return work_.tables.entries.is_open_intent(outcome.entry_id);
    const auto run = work_.tables.bindings.run_of(outcome.request_id);
    return run && run->is_open && run->state == RunState::running;
}

bool Transitions::wants(const UnstartedCall& call) {
    if (call.request_id == auto_request_id) return work_.tables.entries.is_open_intent(call.entry_id);
    const auto run = work_.tables.bindings.run_of(call.request_id);
    return run && run->is_open;
}

bool Transitions::may_withdraw(const UnstartedCall& step, const std::string& started_at) {
    if (!wants(step)) return false;
    if (step.request_id == auto_request_id) return true;
    const auto run = work_.tables.bindings.run_of(step.request_id);
    if (run->session != work_.session) return false;
    return run->state != RunState::running || (!started_at.empty() && run->started_at == started_at);
}

void Transitions::finish(const RunOutcome& outcome) {
    if (outcome.has_key) work_.tables.keys.finish(outcome.entry_id, outcome.state, outcome.note);
    audit_.outcome(outcome, event_of(outcome.state), way::agent);
    if (outcome.request_id == auto_request_id) return;
    work_.tables.bindings.close(outcome.request_id, outcome.state, outcome.note, work_.moment.text);
    work_.announce(outcome.request_id, ApprovalStatus::approved);
}

void Transitions::not_started(const UnstartedCall& call) {
    if (call.has_key) work_.tables.keys.finish(call.entry_id, RunState::none, call.reason);
    endings_.withdraw(call);
}

bool Transitions::agent_is_gone(const StoredRequest& stored) {
    if (!stored.request.ours || stored.session == work_.session) return false;
    return work_.transaction.is_gone(stored.session) && !work_.tables.keys.has_request(stored.request.id);
}

}  // namespace approvekit::record
