#pragma once

#include "record/rows.hpp"

#include <chrono>
#include <optional>

namespace approvekit::record {

/// Within how long of its approval a call with this metadata starts; nothing where the metadata does not say it, in whole
/// seconds of a week at most.
[[nodiscard]] std::optional<std::chrono::seconds> start_window_in(const Json& metadata);

/// Until when a call with this metadata may start that was approved at `approved_at`. An approval that came at its
/// deadline or later has no window.
[[nodiscard]] Time start_limit(const Json& metadata, Time deadline, Time approved_at);

/// The latest that any approval of `request` in time allows. The request needs a deadline.
[[nodiscard]] Time latest_start(const ApprovalRequest& request);

/// The end of the request's time on the wall clock: for its start where it is approved, else for its decision. Nothing
/// for one without a deadline. What was submitted counts, whatever the row says by now.
[[nodiscard]] std::optional<Time> end_of_time(const StoredRequest& stored);

/// By how much the approval of a request at `approved_at` moves the end of its time, on the wall clock and on the one
/// that counts since boot alike: what is kept of the latter needs no look at the clock of the agent's machine.
[[nodiscard]] std::chrono::microseconds moved_by_approval(const StoredRequest& stored, Time approved_at);

/// Whether the time of the request is over, on either clock. One that is not ours has no end.
[[nodiscard]] bool is_overdue(const StoredRequest& stored, const Moment& moment);

/// Fills in what a reader is told of it at `moment`: time_left and start_by.
void tell_times(StoredRequest& stored, const Moment& moment);

}  // namespace approvekit::record
