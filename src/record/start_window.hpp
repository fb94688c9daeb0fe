#pragma once

#include "record/rows.hpp"

#include <chrono>
#include <cstdint>
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

/// Since when that time runs on the wall clock: its approval, or its creation where it has none.
[[nodiscard]] Time start_of_time(const StoredRequest& stored);

/// Until when a request that is approved now may start, in microseconds since its agent's machine was booted. Who
/// approves on another machine cannot see that clock, and moves the end as much as that on the wall clock is moved.
[[nodiscard]] std::int64_t boot_limit(const StoredRequest& stored, const Moment& approved);

/// The boot_deadline of a row, in microseconds, for every engine that reads one: at most 73,000 years away, since only a
/// forger writes one beyond, and no sum of times with it may overflow.
[[nodiscard]] std::int64_t plausible_boot_deadline(std::int64_t stored) noexcept;

/// Whether the time of the request is over, on either clock. One that is not ours has no end.
[[nodiscard]] bool is_overdue(const StoredRequest& stored, const Moment& moment);

/// Whether the clock of another boot kept the end of its time, and the wall clock was set back behind the start of it
/// since: how much of it is left cannot be told.
[[nodiscard]] bool has_lost_its_time(const StoredRequest& stored, const Moment& moment);

/// Fills in what a reader is told of it at `moment`: time_left and start_by.
void tell_times(StoredRequest& stored, const Moment& moment);

}  // namespace approvekit::record
