#include "record/explorer/edit_truth.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::explorer {

bool EditTruth::allows_forging() const {
    const bool is_any = !for_version(Version::edited).empty() || !for_version(Version::edited_otherwise).empty();
    return is_any && !is_forged_;
}

std::string EditTruth::after(Step step, const Outcome& outcome, const Seen& before, const Seen& now, bool is_in_time) {
    if (forges_edits(step)) is_forged_ = true;
    std::string fault;
    if (is_approval(step) && !is_forged_) {
        fault = outcome ? fault_of_refusal(step, before, is_in_time) : fault_of_approval(step, before, now, is_in_time);
    }
    if (fault.empty() && is_claim(step) && !outcome) fault = fault_of_start(now);
    if (!fault.empty()) return fault;
    if (is_forged_) return now.fault ? "" : "G8: nobody finds the edit that was forged";
    const bool is_news = is_approved_by_people(now) && settlement_in(before) == nullptr;
    if (is_news && !is_approval(step)) return "G16: the request was approved by nobody";
    return fault_of_views(now, is_in_time);
}

const EditTruth::People& EditTruth::for_version(Version version) const {
    return people_.at(static_cast<std::size_t>(version));
}

std::string EditTruth::fault_of_approval(Step step, const Seen& before, const Seen& now, bool is_in_time) {
    People& people = people_.at(static_cast<std::size_t>(version_in(step)));
    if (people.contains(reviewer_in(step))) return "";  // the same approval again
    if (settlement_in(before) != nullptr) return "G1 G16: another approval counted for what had ended";
    if (!is_in_time) return "G5 G6: an approval counted after the deadline, or for an agent that is gone";
    if (before.status != "pending") return "G1: an approval counted for what was not pending";
    if (!before.shows_submitted) return "G2: what was approved is not what was submitted";
    people.insert(reviewer_in(step));
    return fault_of_result(step, people.size(), now);
}

std::string EditTruth::fault_of_result(Step step, std::size_t people, const Seen& now) {
    const AuditEntry* const last = settlement_in(now);
    if (people < approvals_) {
        const bool waits = last == nullptr && now.status == "pending";
        return waits ? "" : "G15 G16: fewer than it takes approved these arguments, and that ended the request";
    }
    approved_ = version_in(step);
    const bool is_decided = last != nullptr && last->decision == AuditEvent::approved &&
                            last->reviewer == reviewer_in(step) && now.status == "approved";
    return is_decided ? "" : "G16: as many approved these arguments as it takes, and it is not approved by the last";
}

std::string EditTruth::fault_of_refusal(Step step, const Seen& before, bool is_in_time) const {
    const bool has_vote = !for_version(version_in(step)).contains(reviewer_in(step));
    const bool can_vote = is_in_time && before.status == "pending" && before.shows_submitted && !is_ended(before);
    return has_vote && can_vote ? "G16: who may approve with these arguments was refused it" : "";
}

/// If nothing is signed, what the record says about an edit counts; verifying finds that it was forged.
std::string EditTruth::fault_of_start(const Seen& now) const {
    if (is_forged_) return now.taken == now.told ? "" : "G16: the call runs otherwise than the record tells";
    const Version version = approved_.value_or(Version::asked);
    if (approvals_ > 1 && for_version(version).size() < approvals_) return "G15 G16: too few approved what runs";
    return now.taken == version ? "" : "G16: what runs is not the view that was approved";
}

std::string EditTruth::fault_of_views(const Seen& now, bool is_in_time) const {
    if (approved_) {
        if (now.told != *approved_) return "G16: the entry does not tell of both versions, or of others";
        const bool is_shown = now.has_row && now.shows_submitted && now.status == "approved";
        return is_shown && now.shown != *approved_ ? "G16: a reviewer is shown other arguments than were approved" : "";
    }
    if (now.told != Version::asked || now.shown != Version::asked)
        return "G16: nobody approved what is told of an edit";
    if (!now.missing || !is_in_time || !now.shows_submitted) return "";
    std::size_t most = 0;
    for (const People& people : people_)
        most = std::max(most, people.size());
    const bool is_right = std::cmp_equal(*now.missing, approvals_ - most);
    return is_right ? "" : "G15 G16: votes for other arguments are counted together";
}

std::string EditTruth::key() const {
    std::string key = approved_ ? std::to_string(static_cast<int>(*approved_)) : "-";
    for (const People& people : people_) {
        key += '/';
        for (const std::string_view name : people)
            key += name;
    }
    return key + (is_forged_ ? '1' : '0');
}

}  // namespace approvekit::explorer
