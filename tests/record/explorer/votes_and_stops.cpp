#include "record/explorer/votes_and_stops.hpp"

namespace approvekit::explorer {

bool VoteTruth::allows(Step step) const {
    return step == Step::vote_is_planted ? !is_forged_ : people() > 0 && !is_forged_;
}

std::string VoteTruth::after(Step step, const Outcome& outcome, const Seen& before, const Seen& now, bool is_in_time) {
    if (forges_votes(step)) note_forgery(step);
    std::string fault;
    if (is_approval(step) && outcome) fault = fault_of_refusal(step, before, is_in_time);
    if (is_approval(step) && !outcome) fault = fault_of_vote(step, before, now, is_in_time);
    if (!fault.empty()) return fault;
    if (is_claim(step) && !outcome && people() < 2) return "G15: the call was started without the votes of two";
    const bool is_news = is_approved_by_people(now) && settlement_in(before) == nullptr;
    if (is_news && (people() < 2 || !is_approval(step))) return "G15: the request was approved by fewer than two";
    // For a waiting request whose row is gone too, verifying says nothing before somebody has looked for it.
    return is_forged_ && now.has_row && !now.fault ? "G8: nobody finds the votes that were forged" : "";
}

void VoteTruth::note_forgery(Step step) {
    is_forged_ = true;
    if (step != Step::votes_are_removed) return;
    are_removed_ = true;
    ana_ = bob_ = Voted::no;
}

std::string VoteTruth::fault_of_vote(Step step, const Seen& before, const Seen& now, bool is_in_time) {
    if (step == Step::eve_approves) return "G15: somebody from outside the circle had a vote";
    const Voted words = step == Step::ana_approves_again ? Voted::in_other_words : Voted::in_these_words;
    Voted& voted = is_by_ana(step) ? ana_ : bob_;
    if (voted == words) return "";  // the same vote again
    if (voted != Voted::no) return "G15: a second vote of one person counted";
    if (settlement_in(before) != nullptr) {
        // The old decision is still there, beside the votes that are gone.
        return are_removed_ ? "" : "G1: a vote counted for what had ended";
    }
    voted = words;
    if (!is_in_time) return "G5 G6: a vote counted after the deadline, or for an agent that is gone";
    if (before.status != "pending") return "G1: a vote counted for what was not pending";
    if (!before.shows_submitted) return "G2: what was voted on is not what was submitted";
    return fault_of_result(step, people() == 2, now);
}

std::string VoteTruth::fault_of_result(Step step, bool is_complete, const Seen& now) {
    const AuditEntry* const last = settlement_in(now);
    if (!is_complete) {
        const bool waits = last == nullptr && now.status == "pending";
        return waits ? "" : "G15: one vote of two ended the request";
    }
    const bool is_decided = last != nullptr && last->decision == AuditEvent::approved &&
                            last->reviewer == reviewer_in(step) && now.status == "approved";
    return is_decided ? "" : "G15: two people approved the request, and it is not approved by the last of them";
}

std::string VoteTruth::fault_of_refusal(Step step, const Seen& before, bool is_in_time) const {
    const bool has_vote = step != Step::eve_approves && (is_by_ana(step) ? ana_ : bob_) == Voted::no;
    const bool can_vote = is_in_time && before.status == "pending" && before.shows_submitted && !is_ended(before);
    return has_vote && can_vote ? "G15: who had a vote was refused it" : "";
}

std::string VoteTruth::key() const {
    std::string key = std::to_string(static_cast<int>(ana_)) + std::to_string(static_cast<int>(bob_));
    key += is_forged_ ? '1' : '0';
    return key + (are_removed_ ? '1' : '0');
}

bool StopTruth::allows(Step step) const {
    if (step == Step::stop) return !was_put_;
    return is_in_force_ && (step == Step::resume || !is_forged_);
}

std::string StopTruth::after(Step step, const Outcome& outcome, const Seen& before, const Seen& now) {
    std::string fault;
    if (step == Step::stop) {
        was_put_ = is_in_force_ = true;
        if (outcome) fault = "G18: nothing could be stopped";
    }
    if (step == Step::resume) fault = fault_of_lifting(outcome);
    if (forges_stop(step)) is_forged_ = true;
    if (is_claim(step)) fault = fault_of_claim(outcome, before, now);
    if (!fault.empty()) return fault;
    return is_forged_ && is_in_force_ && !now.fault ? "G8: nobody finds the stop that was forged" : "";
}

std::string StopTruth::fault_of_lifting(const Outcome& outcome) {
    if (!outcome) is_in_force_ = false;
    return outcome && !is_forged_ ? "G18: nobody could lift the stop" : "";
}

std::string StopTruth::fault_of_claim(const Outcome& outcome, const Seen& before, const Seen& now) {
    // An agent that has met a stop trusts that more than a forged row.
    if (!outcome && is_in_force_ && (is_met_ || !is_forged_)) return "G18: the call was started under a stop";
    if (outcome != ErrorCode::stopped) return "";
    if (!is_in_force_) return "G18: a call is held up by a stop that was lifted";
    is_met_ = true;
    const bool is_as_before =
        now.status == before.status && now.run == before.run && count_refusals(now) == count_refusals(before);
    return is_as_before ? "" : "G18: a stop ended the call that it holds up";
}

std::string StopTruth::key() const {
    std::string key;
    for (const bool flag : {was_put_, is_in_force_, is_met_, is_forged_})
        key += flag ? '1' : '0';
    return key;
}

}  // namespace approvekit::explorer
