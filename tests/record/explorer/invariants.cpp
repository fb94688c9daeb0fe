#include "record/explorer/invariants.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::explorer {

namespace {

bool settles(const AuditEntry& entry) {
    return parse_approval_status(to_string(entry.decision)).has_value();
}

bool ends_a_run(const AuditEntry& entry) {
    return entry.decision == AuditEvent::executed || entry.decision == AuditEvent::failed ||
           entry.decision == AuditEvent::unknown;
}

template <typename Is>
std::ptrdiff_t count(const Seen& seen, Is is) {
    return std::count_if(seen.entries.begin(), seen.entries.end(), is);
}

bool is_refused(const Seen& seen) {
    return count_refusals(seen) > 0;
}

}  // namespace

bool Truth::allows(Step step) const {
    if (step == Step::submit) return is_alive_ && !is_submitted_;
    if (is_of_other_agent(step) || step == Step::other_dies) return allows_other_agent(step);
    if (is_of_spender(step)) return has_limit_ && limit_.allows(step);
    if (leaves_to_others(step)) return false;
    if (is_about_stops(step)) return has_stops_ && stop_.allows(step);
    if (is_edit(step)) return has_edits_ && is_submitted_;
    if (forges_edits(step)) return has_edits_ && edits_.allows_forging();
    if (forges_votes(step)) return has_votes_ && is_submitted_ && votes_.allows(step);
    if (is_about_votes(step)) return has_votes_ && is_submitted_;
    if (step == Step::finish) {
        return is_alive_ && starts_ > 0 && !is_run_of_other_ && run_ != RunState::executed;
    }
    if (is_of_agent(step)) return is_alive_ && is_submitted_;
    if (step == Step::agent_dies) return is_alive_;
    if (step == Step::agent_falls_silent) return is_alive_ && !is_silent_;
    if (step == Step::row_comes_back) return is_submitted_ && !has_row_;
    if (changes_row(step)) return has_row_;
    if (step == Step::deadline_nears || step == Step::deadline_passes) return is_submitted_ && !is_late();
    if (step == Step::clock_is_set_back) return !is_set_back_;
    return is_submitted_ || step == Step::sweep;
}

bool Truth::leaves_to_others(Step step) const {
    if (has_limit_ && moves_clock(step)) return false;
    if ((has_votes_ || has_stops_ || has_limit_ || has_edits_) && is_left_to_others(step)) return true;
    if (has_edits_ && step == Step::bob_rejects) return true;
    return (has_stops_ || has_limit_) && is_decision(step) && !is_by_ana(step);
}

bool Truth::allows_other_agent(Step step) const {
    if (!has_key_ || !other_is_alive_) return false;
    if (step == Step::other_asks) return is_submitted_ && has_row_;
    if (step == Step::other_claims) return is_others_;
    return step == Step::other_dies || (is_run_of_other_ && run_ != RunState::executed);
}

std::string Truth::after(Step step, const Outcome& outcome, const Seen& before, const Seen& now) {
    std::string fault = fault_of_key(step, outcome, before, now);
    note(step, outcome);
    note_time(step, now);
    if (fault.empty()) fault = fault_of_setting(step, outcome, before, now);
    if (fault.empty()) fault = fault_of_audit(before, now);
    const bool is_vote = (has_votes_ || has_voted_edits_) && is_approval(step);
    if (fault.empty() && is_decision(step) && !is_vote && !outcome) fault = fault_of_decision(step, before, now);
    if (fault.empty() && is_claim(step) && !outcome) fault = fault_of_start(before, now);
    if (fault.empty()) fault = fault_of_run(now);
    if (fault.empty() && step <= Step::sweep) fault = fault_of_ends(step, before, now);
    return fault;
}

std::string Truth::fault_of_setting(Step step, const Outcome& outcome, const Seen& before, const Seen& now) {
    if (has_limit_) return limit_.after(step, outcome);
    const bool is_in_time = !is_late() && !agent_is_gone();
    if (has_votes_) return votes_.after(step, outcome, before, now, is_in_time);
    if (has_edits_) return edits_.after(step, outcome, before, now, is_in_time);
    return has_stops_ ? stop_.after(step, outcome, before, now) : "";
}

void Truth::note(Step step, const Outcome& outcome) {
    if (is_of_agent(step)) is_silent_ = false;
    is_touched_ = is_touched_ || is_by_another_program(step);
    if (step == Step::submit) is_submitted_ = has_row_ = true;
    note_run(step, outcome);
    if (step == Step::other_asks && !outcome) is_others_ = true;
    if (step == Step::other_dies) other_is_alive_ = false;
    if (step == Step::close || step == Step::agent_dies) is_alive_ = false;
    if (step == Step::agent_falls_silent) is_silent_ = true;
    if (step == Step::clock_is_set_back) is_set_back_ = true;
    if (step == Step::row_is_removed) has_row_ = false;
    if (step == Step::row_comes_back) has_row_ = true;
}

void Truth::note_time(Step step, const Seen& now) {
    if (step == Step::deadline_nears) passed_ += 50;
    if (step == Step::deadline_passes) passed_ += 61;
    const AuditEntry* const settlement = settlement_in(now);
    const bool is_approved = settlement != nullptr && settlement->decision == AuditEvent::approved;
    if (is_approved && !approved_after_) approved_after_ = passed_;
}

bool Truth::is_too_late_to_start() const {
    const int approved_after = approved_after_.value_or(passed_);
    return passed_ >= (approved_after < deadline ? std::max(deadline, approved_after + 60) : deadline);
}

void Truth::note_run(Step step, const Outcome& outcome) {
    if (is_claim(step) && !outcome) {
        ++starts_;
        run_ = RunState::running;
        is_run_of_other_ = step == Step::other_claims;
    }
    if (run_ != RunState::running) return;
    if (step == Step::finish || step == Step::other_finishes) run_ = RunState::executed;
    // An agent that asks again notices that the one that ran it is gone.
    const bool is_noticed = step == Step::sweep || step == Step::other_asks;
    const bool is_closed = step == Step::close && !is_run_of_other_;
    if (is_closed || (is_noticed && runner_is_gone())) run_ = RunState::unknown;
}

std::string Truth::fault_of_key(Step step, const Outcome& outcome, const Seen& before, const Seen& now) const {
    if (!has_key_) return "";
    if (step == Step::other_asks) return fault_of_take_over(outcome, before);
    if (step == Step::claim && !outcome && is_others_) return "G3: an agent that was taken over started the call";
    const bool ends = step == Step::give_up || step == Step::close;
    if (ends && is_others_ && !is_touched_ && before.status == "pending" && now.status != "pending") {
        return "G1: an agent that was taken over ended the request";
    }
    return "";
}

/// Called before the request of the other agent is noted.
std::string Truth::fault_of_take_over(const Outcome& outcome, const Seen& before) const {
    const bool is_held = is_others_ || !agent_is_gone();
    if (!outcome && is_held) return "G3: a request was taken over from an agent that lives";
    const bool is_over = approved_after_ ? is_too_late_to_start() : is_late();
    if (!outcome && is_over) return "G5: a request was taken over after its time";
    if (!outcome && starts_ > 0) return "G3: a request was taken over that had started";
    if (!outcome && !before.shows_submitted) return "G2: a request was taken over that is not the one submitted";
    const bool may_start = before.status == "pending" || (before.status == "approved" && !is_refused(before));
    const bool is_free = !is_held && !is_over && !is_touched_ && starts_ == 0 && may_start;
    return outcome && is_free ? "G6: nobody can take the request over" : "";
}

std::string Truth::fault_of_audit(const Seen& before, const Seen& now) const {
    const auto same = [](const AuditEntry& left, const AuditEntry& right) { return left.hash == right.hash; };
    const bool only_grew = before.entries.size() <= now.entries.size() &&
                           std::equal(before.entries.begin(), before.entries.end(), now.entries.begin(), same);
    if (!only_grew) return "G8: an entry was changed or removed";
    // The row of a stop may be missing although an entry tells of it, and an entry about an edit may be forged.
    const bool are_entries_forged = stop_.is_forged() || edits_.is_forged();
    if (now.fault && (!is_touched_ || (now.fault->request_id.empty() && !are_entries_forged))) {
        return "G8: the record does not verify: " + now.fault->subject() + ": " + now.fault->what;
    }
    if (count(now, settles) > 1) return "G1: the request has two final states";
    const bool all_named = std::all_of(now.entries.begin(), now.entries.end(), [](const AuditEntry& entry) {
        const bool decides = entry.decision == AuditEvent::approved || entry.decision == AuditEvent::rejected;
        return !entry.way.empty() && (!decides || !entry.reviewer.empty());
    });
    return all_named ? "" : "G9: an entry does not name who decided, or the way";
}

std::string Truth::fault_of_decision(Step step, const Seen& before, const Seen& now) const {
    const AuditEntry* const settlement = settlement_in(now);
    const auto event = is_approval(step) ? AuditEvent::approved : AuditEvent::rejected;
    if (settlement == nullptr || settlement->decision != event || settlement->reviewer != reviewer_in(step)) {
        return "G1: who decided was told so, and the record has it otherwise";
    }
    if (settlement_in(before) != nullptr) return "";  // the same decision again
    if (is_late()) return "G5: a decision counted after the deadline";
    if (agent_is_gone() && !has_key_) return "G6: a decision counted for an agent that is gone";
    if (before.status != "pending") return "G1: a decision counted for what was not pending";
    return is_approval(step) && !before.shows_submitted ? "G2: what was approved is not what was submitted" : "";
}

std::string Truth::fault_of_start(const Seen& before, const Seen& now) const {
    if (starts_ > 1) return "G3: the call was started twice";
    if (is_too_late_to_start()) return "G5: the call was started after its start window";
    if (!before.has_row || !before.shows_submitted) return "G2: what was started is not what was submitted";
    if (before.status != "approved") return "G3: the call was started unapproved";
    const AuditEntry* const settlement = settlement_in(now);
    if (settlement == nullptr || settlement->decision != AuditEvent::approved) {
        return "G4: the call was started, and no entry approves it";
    }
    return "";
}

std::string Truth::fault_of_run(const Seen& now) const {
    const bool has_ended = run_ == RunState::executed || run_ == RunState::unknown;
    if (count(now, ends_a_run) != (has_ended ? 1 : 0)) {
        return has_ended ? "G13: the run ended, and not one entry says so"
                         : "G13: an entry ends a run that did not end";
    }
    const bool is_told_right = std::all_of(now.entries.begin(), now.entries.end(), [&](const AuditEntry& entry) {
        return !ends_a_run(entry) || to_string(entry.decision) == to_string(run_);
    });
    if (!is_told_right) return "G13: the run did not end as its entry says";
    return now.has_row && now.run != run_ ? "G13: the run is " + std::string(to_string(run_)) +
                                                ", and the record says " + std::string(to_string(now.run))
                                          : "";
}

std::string Truth::fault_of_ends(Step step, const Seen& before, const Seen& now) const {
    const AuditEntry* const settled = settlement_in(before);
    const bool looks_at_it = is_decision(step) || step == Step::claim || step == Step::give_up;
    if (settled != nullptr && looks_at_it && now.has_row && now.status != to_string(settled->decision)) {
        return "G1: a final state did not stay as it was";
    }
    if (!is_submitted_ || step != Step::sweep) return "";
    if (settled != nullptr && now.has_row && now.status == "pending") return "G1: what had ended is pending again";
    const AuditEntry* const settlement = settlement_in(now);
    const bool is_over = approved_after_ ? is_too_late_to_start() : is_late();
    if (!is_over && (has_key_ || !agent_is_gone())) {
        // If the wall clock was set back before the approval, the window is shorter.
        const bool is_exact = !is_touched_ && !is_set_back_;
        const bool ends_it = is_exact && count_refusals(now) > count_refusals(before);
        return ends_it ? "G5: a sweep ended an approval within its start window" : "";
    }
    if (settlement == nullptr && !is_refused(now)) return "G6: nobody will end the request";
    if (now.has_row && now.status == "pending") return "G6: the request is still pending";
    const bool is_unstarted = settlement != nullptr && settlement->decision == AuditEvent::approved && starts_ == 0;
    return is_unstarted && !is_refused(now) ? "G6: nobody will end the approval" : "";
}

std::string Truth::key() const {
    std::string key;
    for (const bool flag : {is_submitted_, is_alive_, is_silent_, is_set_back_, has_row_, is_touched_, other_is_alive_,
                            is_others_, is_run_of_other_})
        key += flag ? '1' : '0';
    key += std::to_string(passed_) + '/' + (approved_after_ ? std::to_string(*approved_after_) : "-") + '/';
    key += std::to_string(starts_) + std::string(to_string(run_));
    return key + votes_.key() + stop_.key() + limit_.key() + edits_.key();
}

std::string fault_in(Site& site, Setting setting, const Order& order) {
    Truth truth(setting);
    Seen before = site.look();
    for (const Step step : order) {
        if (!truth.allows(step)) continue;
        const Outcome outcome = site.take(step);
        Seen now = site.look();
        std::string fault = truth.after(step, outcome, before, now);
        if (!fault.empty()) return fault;
        before = std::move(now);
    }
    return "";
}

}  // namespace approvekit::explorer
