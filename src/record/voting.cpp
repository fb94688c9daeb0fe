#include "record/voting.hpp"

#include "approvekit/error.hpp"
#include "keys/reviewer_name.hpp"
#include "record/answers.hpp"
#include "record/audit_writer.hpp"
#include "record/decision_check.hpp"
#include "record/edits.hpp"
#include "record/endings.hpp"
#include "text/utf8.hpp"

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

/// Returns who is not in the circle now but will be later.
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

/// Returns the vote as it is stored: for the view that is on record, if the reviewer named none.
Decision as_vote(const StoredRequest& stored, Decision decision) {
    if (decision.view_digest.empty()) decision.view_digest = stored.request.view_digest;
    return decision;
}

/// What votes are checked against: the request as it was submitted, without its arguments.
ApprovalRequest as_submitted(const ApprovalRequest& request) {
    ApprovalRequest submitted;
    submitted.id = request.id;
    submitted.ours = request.ours;
    submitted.view_digest = request.view_digest;
    submitted.created_at = request.submitted ? request.submitted->created_at : request.created_at;
    submitted.metadata = request.submitted ? request.submitted->metadata : request.metadata;
    return submitted;
}

/// Tells real votes from rows that other programs wrote. Refers to the entries, which must outlive it.
class VoteTrial {
public:
    VoteTrial(const ApprovalRequest& request, const Quorum& quorum, Entries& entries, Time now)
        : submitted_(as_submitted(request)), quorum_(quorum), entries_(entries), now_(now) {}

    /// Returns why it is not a vote of anybody, or an empty text if it is one. Without `verify`, a signature need only
    /// name a listed key.
    [[nodiscard]] std::string fault_of(const StoredDecision& vote, const DecisionCheck& verify = {}) const {
        const Decision& decision = vote.decision;
        const bool allows = decision.verdict != Verdict::reject;
        if (decision.view_digest != submitted_.view_digest) return "is of another view";
        const auto voted_at = parse_time(vote.decided_at);
        if (!voted_at) return "has no time";
        // A voter's clock that is ahead must not widen the circle.
        if (!quorum_.entitles(decision.reviewer, submitted_.created_at, std::min(*voted_at, now_))) {
            return "is not one of its circle";
        }
        const auto entry = entries_.find(submitted_.id, vote.entry_id);
        const bool is_told = entry && is_same_person(entry->reviewer, decision.reviewer) &&
                             (!allows || entry->view == submitted_.view_digest) && entry->timestamp == vote.decided_at;
        if (!is_told) return "has no entry that records it";
        if (const auto distrust = distrust_of(decision, verify)) return "does not count: " + *distrust;
        const std::string misfit = misfit_with_entry(vote, *entry, true);
        return misfit.empty() ? "" : "does not match its entry: " + misfit;
    }

    /// The same for a vote that has to be an approval.
    [[nodiscard]] std::string fault_of_approval(const StoredDecision& vote, const DecisionCheck& verify = {}) const {
        return vote.decision.verdict == Verdict::approve ? fault_of(vote, verify) : "is not an approval";
    }

private:
    [[nodiscard]] std::optional<std::string> distrust_of(const Decision& decision, const DecisionCheck& verify) const {
        if (verify) return verify(decision);
        if (decision.verdict == Verdict::reject) return std::nullopt;
        return objection_to_signer(submitted_, decision.reviewer, decision.signature ? decision.signature->key_id : "");
    }

    ApprovalRequest submitted_;
    const Quorum& quorum_;
    Entries& entries_;
    Time now_;
};

/// Returns the votes, each with the edits or the answer of its entry.
std::vector<StoredDecision> votes_on(const ApprovalRequest& request, const Tables& tables) {
    std::vector<StoredDecision> votes = tables.votes.of(request.id);
    // A vote that no entry records does not count, so its result does not matter.
    for (StoredDecision& vote : votes) {
        static_cast<void>(tell_edits(vote, request, tables.entries));
        static_cast<void>(tell_answer(vote, tables.entries));
    }
    return votes;
}

std::size_t bytes_of(const StoredDecision& vote) {
    const Decision& decision = vote.decision;
    const auto& signature = decision.signature;
    return decision.reviewer.size() + decision.way.size() + decision.notes.size() + decision.view_digest.size() +
           (decision.edits.is_null() ? 0 : decision.edits.dump().size()) +
           (signature ? signature->statement.size() + signature->signature.size() : 0);
}

}  // namespace

std::optional<Quorum> submitted_quorum(const ApprovalRequest& request) {
    if (!request.ours) return std::nullopt;
    return Quorum::in(request.submitted ? request.submitted->metadata : request.metadata);
}

std::size_t tell_votes(ApprovalRequest& request, const Tables& tables, Time now) {
    std::size_t bytes = tell_edited(request, tables) + tell_answered(request, tables);
    const auto quorum = submitted_quorum(request);
    if (!quorum) return bytes;
    const VoteTrial trial(request, *quorum, tables.entries, now);
    std::set<std::string> told;  // by their entries, since a copy of a vote does not count
    for (StoredDecision& vote : votes_on(request, tables)) {
        bytes += bytes_of(vote);
        if (told.contains(vote.entry_id) || !trial.fault_of(vote).empty()) continue;
        told.insert(vote.entry_id);
        request.votes.push_back({std::move(vote.decision), parse_time(vote.decided_at).value_or(Time{})});
    }
    return bytes;
}

Voting::Result Voting::cast(const StoredRequest& stored, const Quorum& quorum, const Decision& decision) {
    if (std::exception_ptr refusal = refusal_of(stored, quorum, decision)) return {refusal, false};
    if (decision.verdict != Verdict::approve) return {nullptr, true};
    const VoteTrial trial(stored.request, quorum, work_.tables.entries, work_.moment.now);
    std::set<std::string> people{keys::person_of(decision.reviewer)};
    for (const StoredDecision& vote : votes_on(stored.request, work_.tables)) {
        // A row that another program planted keeps nobody from voting.
        if (!trial.fault_of_approval(vote).empty() || !is_same_edit(vote.decision.edits, decision.edits)) continue;
        if (is_same_decision(vote.decision, decision)) return {};
        if (is_same_person(vote.decision.reviewer, decision.reviewer)) {
            return {already_voted(stored.request, vote), false};
        }
        people.insert(keys::person_of(vote.decision.reviewer));
    }
    if (people.size() >= quorum.approvals) return {nullptr, true};
    const Author author{decision.reviewer, decision.way, decision.signature.has_value()};
    note(stored, decision,
         AuditWriter(work_).decision(stored, AuditEvent::voted, author, optional_notes(decision.notes), &decision));
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

bool Voting::has(const StoredRequest& stored, const Quorum& quorum, const Decision& decision) {
    const VoteTrial trial(stored.request, quorum, work_.tables.entries, work_.moment.now);
    const std::vector<StoredDecision> votes = votes_on(stored.request, work_.tables);
    return std::any_of(votes.begin(), votes.end(), [&](const StoredDecision& vote) {
        return is_same_decision(vote.decision, decision) && trial.fault_of(vote).empty();
    });
}

std::optional<std::string> Voting::objection(const ApprovalRequest& request, const Quorum& quorum, const Json& edits,
                                             const DecisionCheck& verify) {
    constexpr std::size_t enough_bytes = 2000;
    const VoteTrial trial(request, quorum, work_.tables.entries, work_.moment.now);
    std::set<std::string> people;
    std::string faults;
    for (const StoredDecision& vote : votes_on(request, work_.tables)) {
        std::string fault = trial.fault_of_approval(vote, verify);
        if (fault.empty() && !is_same_edit(vote.decision.edits, edits)) fault = "approves other arguments";
        if (fault.empty()) {
            people.insert(keys::person_of(vote.decision.reviewer));
        } else if (faults.size() < enough_bytes) {
            faults += "; the vote of " + text::shortened(vote.decision.reviewer, enough_bytes) + " " + fault;
        }
    }
    if (people.size() >= quorum.approvals) return std::nullopt;
    return "quorum: " + std::to_string(people.size()) + " of " + std::to_string(quorum.approvals) + " approvals count" +
           faults;
}

}  // namespace approvekit::record
