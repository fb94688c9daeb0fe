#include "record/rows.hpp"

#include "record/shown_view.hpp"

#include <algorithm>
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

std::optional<std::chrono::microseconds> time_left(const StoredRequest& stored, const Moment& moment) {
    const ApprovalRequest& request = stored.request;
    if (request.status != ApprovalStatus::pending || !request.deadline) return std::nullopt;
    std::chrono::microseconds left = *request.deadline - moment.now;
    if (stored.boot_id == moment.boot_id) {
        left = std::min(left, std::chrono::microseconds(stored.boot_deadline) - moment.since_boot);
    }
    return std::max(left, std::chrono::microseconds(0));
}

void name_decider(StoredRequest& stored, const Decision* decision) {
    ApprovalRequest& request = stored.request;
    const bool is_decided = request.status == ApprovalStatus::approved || request.status == ApprovalStatus::rejected;
    if (decision == nullptr && !is_decided) return;
    request.reviewer = decision != nullptr ? decision->reviewer : "unknown";
    request.way = decision != nullptr ? decision->way : "database";
}

void tell_whether_it_awaits_agent(StoredRequest& stored) {
    stored.request.awaits_agent = stored.is_open && stored.session == 0 && stored.request.run == RunState::none;
}

void keep_copy(StoredRequest& stored, SubmittedView copy) {
    stored.copy = std::move(copy);
    // A row that says the same in other words is still the one that was submitted.
    if (!shows(stored.request, stored.request.view_digest)) stored.request.submitted = stored.copy;
}

}  // namespace approvekit::record
