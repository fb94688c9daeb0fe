#include "record/rows.hpp"

#include "record/shown_view.hpp"
#include "record/ways.hpp"

#include <utility>

namespace approvekit::record {

Moment moment_of(const Clock& clock, std::string boot_id) {
    Moment moment;
    moment.now = clock.now();
    moment.text = to_text(moment.now);
    moment.boot_id = std::move(boot_id);
    moment.since_boot = clock.since_boot();
    return moment;
}

ApprovalStatus status_of(Verdict verdict) noexcept {
    if (verdict == Verdict::answer) return ApprovalStatus::answered;
    return verdict == Verdict::approve ? ApprovalStatus::approved : ApprovalStatus::rejected;
}

std::optional<Verdict> verdict_of(ApprovalStatus status) noexcept {
    if (status == ApprovalStatus::answered) return Verdict::answer;
    if (status == ApprovalStatus::approved) return Verdict::approve;
    return status == ApprovalStatus::rejected ? std::optional(Verdict::reject) : std::nullopt;
}

void name_decider(StoredRequest& stored, const Decision* decision) {
    ApprovalRequest& request = stored.request;
    if (decision == nullptr && !verdict_of(request.status)) return;
    request.reviewer = decision != nullptr ? decision->reviewer : "unknown";
    request.way = decision != nullptr ? decision->way : way::database;
}

void note_decision(StoredRequest& stored, const Decision& decision, const Moment& moment, const std::string& entry_id) {
    ApprovalRequest& request = stored.request;
    const bool approved = decision.verdict == Verdict::approve;
    request.status = status_of(decision.verdict);
    request.answer = decision.answer;
    request.reviewed_at = moment.now;
    request.reviewer_notes = decision.notes.empty() ? std::nullopt : std::optional(decision.notes);
    stored.status_text = to_string(request.status);
    stored.reviewed_at = moment.text;
    stored.decided_at = moment.text;
    stored.decision_entry = entry_id;
    name_decider(stored, &decision);
    if (approved || !request.ours) return;
    stored.is_open = false;
    stored.finished_at = moment.text;
}

void tell_whether_it_awaits_agent(StoredRequest& stored) {
    stored.request.awaits_agent = stored.is_open && stored.session == 0 && stored.request.run == RunState::none;
}

void keep_copy(StoredRequest& stored, SubmittedView copy) {
    stored.copy = std::move(copy);
    // A row that says the same in other words still shows what was submitted.
    if (!shows(stored.request, stored.request.view_digest)) stored.request.submitted = stored.copy;
}

}  // namespace approvekit::record
