#pragma once

#include "record/rows.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace approvekit::record {

/// Returns how soon after its approval a call with this metadata must start. Returns nothing if the metadata does not
/// say it in whole seconds, from one second to a week.
[[nodiscard]] std::optional<std::chrono::seconds> start_window_in(const Json& metadata);

/// Returns until when a call with this metadata may start if it was approved at `approved_at`. An approval at its
/// deadline or later has no window.
[[nodiscard]] Time start_limit(const Json& metadata, Time deadline, Time approved_at);

/// Returns the latest start that any approval of `request` in time allows. The request needs a deadline.
[[nodiscard]] Time latest_start(const ApprovalRequest& request);

/// Returns the end of the request's time on the wall clock: for its start if it is approved, else for its decision.
/// Nothing if it has no deadline. Goes by what was submitted, whatever the row says now.
[[nodiscard]] std::optional<Time> end_of_time(const StoredRequest& stored);

/// Returns when that time began on the wall clock: at its approval, or at its creation if it is not approved.
[[nodiscard]] Time start_of_time(const StoredRequest& stored);

/// Returns until when a request that is approved now may start, in microseconds since the boot of its agent's machine.
/// An approval on another machine cannot read that clock, so the end is moved by as much as the end on the wall clock
/// is.
[[nodiscard]] std::int64_t boot_limit(const StoredRequest& stored, const Moment& approved);

/// Returns the boot_deadline of a row, in microseconds; every engine uses this when it reads one. At most 73,000 years
/// away, since only a forger writes a later one, and no sum of times with it may overflow.
[[nodiscard]] std::int64_t plausible_boot_deadline(std::int64_t stored) noexcept;

/// Whether the time of the request is over, on either clock. A request that is not ours has no end.
[[nodiscard]] bool is_overdue(const StoredRequest& stored, const Moment& moment);

/// Whether it cannot be known how much of the request's time is left: its end was kept by the clock of another boot,
/// and the wall clock was set back since to before its beginning.
[[nodiscard]] bool has_lost_its_time(const StoredRequest& stored, const Moment& moment);

/// Sets what a reader is told about it at `moment`: time_left and start_by.
void tell_times(StoredRequest& stored, const Moment& moment);

}  // namespace approvekit::record
