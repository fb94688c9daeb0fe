#include "record/start_window.hpp"

#include <algorithm>

namespace approvekit::record {

namespace {

constexpr std::int64_t longest_window = 604'800;
/// How far the clocks of two hosts may differ even if nobody has set one.
constexpr std::chrono::seconds clock_skew{5};

/// The row is used if it still shows what was submitted, since the view's digest vouches for it. Nothing vouches for
/// the copy beside it.
const Json& submitted_metadata(const StoredRequest& stored) {
    return stored.request.submitted ? stored.request.submitted->metadata : stored.request.metadata;
}

/// Returns how long the request may still be answered, by the wall clock or by the clock since boot, whichever ends
/// sooner. The clock since boot counts only in the boot that it belongs to.
std::optional<std::chrono::microseconds> time_left(const StoredRequest& stored, const Moment& moment) {
    const ApprovalRequest& request = stored.request;
    if (request.status != ApprovalStatus::pending || !request.deadline) return std::nullopt;
    std::chrono::microseconds left = *request.deadline - moment.now;
    if (stored.boot_id == moment.boot_id) {
        left = std::min(left, std::chrono::microseconds(stored.boot_deadline) - moment.since_boot);
    }
    return std::max(left, std::chrono::microseconds(0));
}

}  // namespace

std::optional<std::chrono::seconds> start_window_in(const Json& metadata) {
    const auto found = metadata.find(start_within_key);
    if (found == metadata.end() || !found->is_number_integer()) return std::nullopt;
    const bool fits = *found >= 1 && *found <= longest_window;
    return fits ? std::optional(std::chrono::seconds(found->get<std::int64_t>())) : std::nullopt;
}

Time start_limit(const Json& metadata, Time deadline, Time approved_at) {
    if (approved_at >= deadline) return deadline;
    if (const auto window = start_window_in(metadata)) return approved_at + *window;
    return std::max<Time>(deadline, approved_at + usual_start_window);
}

Time latest_start(const ApprovalRequest& request) {
    return start_limit(request.metadata, *request.deadline, *request.deadline - std::chrono::microseconds(1));
}

std::optional<Time> end_of_time(const StoredRequest& stored) {
    const ApprovalRequest& request = stored.request;
    if (!request.deadline || request.status != ApprovalStatus::approved) return request.deadline;
    const Time approved_at = parse_time(stored.decided_at).value_or(*request.deadline);
    return start_limit(submitted_metadata(stored), *request.deadline, approved_at);
}

Time start_of_time(const StoredRequest& stored) {
    const ApprovalRequest& request = stored.request;
    if (request.status != ApprovalStatus::approved) return request.created_at;
    return parse_time(stored.decided_at).value_or(request.created_at);
}

std::int64_t boot_limit(const StoredRequest& stored, const Moment& approved) {
    if (!stored.request.deadline) return stored.boot_deadline;
    const Json& metadata = submitted_metadata(stored);
    if (stored.boot_id == approved.boot_id) {
        const auto window = start_window_in(metadata);
        const auto end = approved.since_boot + window.value_or(usual_start_window);
        return window ? end.count() : std::max<std::int64_t>(stored.boot_deadline, end.count());
    }
    const Time deadline = *stored.request.deadline;
    return stored.boot_deadline + (start_limit(metadata, deadline, approved.now) - deadline).count();
}

std::int64_t plausible_boot_deadline(std::int64_t stored) noexcept {
    constexpr std::int64_t farthest = std::int64_t{1} << 61;
    return std::clamp(stored, -farthest, farthest);
}

bool is_overdue(const StoredRequest& stored, const Moment& moment) {
    if (!stored.request.ours) return false;
    const std::optional<Time> end = end_of_time(stored);
    if (!end || *end <= moment.now) return true;
    return stored.boot_id == moment.boot_id && stored.boot_deadline <= moment.since_boot.count();
}

bool has_lost_its_time(const StoredRequest& stored, const Moment& moment) {
    return stored.request.ours && stored.boot_id != moment.boot_id && start_of_time(stored) > moment.now + clock_skew;
}

void tell_times(StoredRequest& stored, const Moment& moment) {
    stored.request.time_left = time_left(stored, moment);
    const bool may_start =
        stored.request.status == ApprovalStatus::approved && stored.is_open && stored.request.run == RunState::none;
    std::optional<Time>& end = stored.request.start_by;
    if (may_start) end = end_of_time(stored);
    if (!end || stored.boot_id != moment.boot_id) return;
    const Time other_end = moment.now + std::chrono::microseconds(stored.boot_deadline) - moment.since_boot;
    // The clocks are read one after the other, so a small difference means nothing.
    if (*end - other_end >= std::chrono::seconds(1)) end = other_end;
}

}  // namespace approvekit::record
