#include "record/voting.hpp"

#include "approvekit/error.hpp"
#include "keys/reviewer_name.hpp"
#include "record/audit_writer.hpp"
#include "record/endings.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

/// "ada, bob and cy".
std::string listed_people(const std::vector<std::string>& people) {
    constexpr std::size_t most_named = 10;
    std::string text;
    for (std::size_t index = 0; index < people.size(); ++index) {
        if (index == most_named) return text + " and " + std::to_string(people.size() - index) + " others";
        const bool is_last = index > 0 && index + 1 == people.size();
        text += (index == 0 ? "" : is_last ? " and " : ", ") + people[index];
    }
    return text;
}

/// Who is not in the circle now, and would be later.
std::string later_circle(const ApprovalRequest& request, const Quorum& quorum, Time now) {
    if (!quorum.escalation || quorum.is_escalated(request.created_at, now)) return "";
    const Time from = request.created_at + quorum.escalation->after;
    return ", and from " + to_text(from).substr(0, 19) + "Z on also " + listed_people(quorum.escalation->to);
}

std::exception_ptr not_entitled(const ApprovalRequest& request, const Quorum& quorum, const std::string& reviewer,
                                Time now) {
    const std::string begin = "request " + request.id;
    if (!quorum.requester.empty() && is_same_person(reviewer, quorum.requester)) {
        return std::make_exception_ptr(DecisionError(
            ErrorCode::not_entitled,
            begin + " is made for " + quorum.requester + ", who has no vote on it; ask somebody else to decide"));
    }
    return std::make_exception_ptr(DecisionError(
        ErrorCode::not_entitled, begin + " is decided by " + listed_people(quorum.circle(request.created_at, now)) +
                                     later_circle(request, quorum, now) + "; " + reviewer +
                                     " is not one of them: ask one of them to decide"));
}

std::exception_ptr already_voted(const ApprovalRequest& request, const StoredDecision& vote) {
    return std::make_exception_ptr(
        DecisionError(ErrorCode::already_voted, "request " + request.id + " has the approval of " +
                                                    vote.decision.reviewer + " since " + vote.decided_at +
                                                    " UTC, and a second one by the same person does not count; "
                                                    "somebody else has to approve it, and a rejection still ends it"));
}

/// As it is kept: of the view that is on record, whoever named none.
Decision as_vote(const StoredRequest& stored, Decision decision) {
    if (decision.view_digest.empty()) decision.view_digest = stored.request.view_digest;
    return decision;
}

}  // namespace

std::optional<Quorum> submitted_quorum(const StoredRequest& stored) {
    if (!stored.request.ours) return std::nullopt;
    return Quorum::in(stored.request.submitted ? stored.request.submitted->metadata : stored.request.metadata);
}

void tell_votes(ApprovalRequest& request, Votes& votes) {
    if (!request.quorum()) return;
    for (StoredDecision& vote : votes.of(request.id))
        request.votes.push_back({std::move(vote.decision), parse_time(vote.decided_at).value_or(Time{})});
}

Voting::Result Voting::cast(const StoredRequest& stored, const Quorum& quorum, const Decision& decision) {
    if (std::exception_ptr refusal = refusal_of(stored, quorum, decision)) return {refusal, false};
    if (decision.verdict == Verdict::reject) return {nullptr, true};
    std::set<std::string> people{keys::person_of(decision.reviewer)};
    for (const StoredDecision& vote : work_.tables.votes.of(decision.request_id)) {
        // What another program planted keeps nobody from voting.
        if (!fault_of(vote, stored.request, quorum, {}).empty()) continue;
        if (is_same_decision(vote.decision, decision)) return {};
        if (!people.insert(keys::person_of(vote.decision.reviewer)).second) {
            return {already_voted(stored.request, vote), false};
        }
    }
    if (people.size() >= quorum.approvals) return {nullptr, true};
    const Author author{decision.reviewer, decision.way, decision.signature.has_value()};
    note(stored, decision,
         AuditWriter(work_).decision(stored, AuditEvent::voted, author, optional_notes(decision.notes)));
    work_.announce(stored.request.id, ApprovalStatus::pending);
    return {};
}

std::exception_ptr Voting::refusal_of(const StoredRequest& stored, const Quorum& quorum,
                                      const Decision& decision) const {
    const ApprovalRequest& request = stored.request;
    const Time created_at = request.submitted ? request.submitted->created_at : request.created_at;
    if (quorum.entitles(decision.reviewer, created_at, work_.moment.now)) return nullptr;
    return not_entitled(request, quorum, decision.reviewer, work_.moment.now);
}

void Voting::note(const StoredRequest& stored, const Decision& decision, const std::string& entry_id) {
    work_.tables.votes.insert({as_vote(stored, decision), work_.moment.text, entry_id});
}

bool Voting::has(const Decision& decision) {
    const std::vector<StoredDecision> votes = work_.tables.votes.of(decision.request_id);
    return std::any_of(votes.begin(), votes.end(),
                       [&](const StoredDecision& vote) { return is_same_decision(vote.decision, decision); });
}

std::string Voting::fault_of(const StoredDecision& vote, const ApprovalRequest& request, const Quorum& quorum,
                             const DecisionCheck& verify) {
    const Decision& decision = vote.decision;
    if (decision.verdict != Verdict::approve) return "is a rejection";
    if (decision.view_digest != request.view_digest) return "is of another view";
    const auto voted_at = parse_time(vote.decided_at);
    if (!voted_at) return "has no time";
    if (!quorum.entitles(decision.reviewer, request.created_at, *voted_at)) return "is not one of its circle";
    const auto entry = work_.tables.entries.find(request.id, vote.entry_id);
    const bool is_told = entry && (entry->event == AuditEvent::voted || entry->event == AuditEvent::approved) &&
                         is_same_person(entry->reviewer, decision.reviewer) && entry->view == request.view_digest &&
                         entry->timestamp == vote.decided_at;
    if (!is_told) return "has no entry that tells of it";
    const auto distrust = verify ? verify(decision) : std::nullopt;
    return distrust ? "does not count: " + *distrust : "";
}

std::optional<std::string> Voting::objection(const ApprovalRequest& request, const Quorum& quorum,
                                             const DecisionCheck& verify) {
    std::set<std::string> people;
    std::string faults;
    for (const StoredDecision& vote : work_.tables.votes.of(request.id)) {
        const std::string fault = fault_of(vote, request, quorum, verify);
        if (fault.empty()) {
            people.insert(keys::person_of(vote.decision.reviewer));
            continue;
        }
        faults += "; the vote of " + vote.decision.reviewer + " " + fault;
    }
    if (people.size() >= quorum.approvals) return std::nullopt;
    return "quorum: " + std::to_string(people.size()) + " of " + std::to_string(quorum.approvals) + " approvals count" +
           faults;
}

}  // namespace approvekit::record
