#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// A period of time. A missing end means unlimited.
struct Period {
    std::optional<Time> since = {};
    std::optional<Time> until = {};
};

/// What happened on one day, in UTC.
struct DayFigures {
    /// "2026-01-31"; days beyond the number that is counted separately are summed up as "earlier".
    std::string day;
    std::size_t asked = 0;     ///< requests that were made
    std::size_t approved = 0;  ///< of these requests, approved at any time
    std::size_t rejected = 0;
    std::size_t timed_out = 0;
    std::size_t cancelled = 0;
    std::size_t answered = 0;  ///< a person answered instead of letting the call run
    std::size_t allowed = 0;   ///< calls that the policy allowed
    std::size_t denied = 0;    ///< calls that it denied
};

/// How people decided on a tool's requests, or how one reviewer decided.
struct DecisionFigures {
    std::string name;  ///< the tool or the reviewer; "(others)" for all beyond the first 500
    std::size_t approved = 0;
    std::size_t rejected = 0;
    std::size_t answered = 0;
    std::size_t approved_within_a_second = 0;
    /// Approvals in the period whose decision says that not everything was on the screen.
    std::size_t approved_unseen = 0;
    std::chrono::microseconds median{};  ///< median time from the request to the decision, accurate to one percent
    std::chrono::microseconds p90{};     ///< nine of ten decisions took no longer
};

/// A rule with at least one approved request and with none rejected or answered; its other requests may have timed out,
/// been cancelled, or still be pending. An empty `rule` means that the record does not say which rule it was.
struct RuleFigures {
    std::string rule;
    std::string tool;
    std::size_t asked = 0;
    std::size_t approved = 0;
};

/// Statistics of how a record was reviewed. A plain value.
struct ReviewStatistics {
    Period period;
    std::vector<DayFigures> days;  ///< newest first, without days on which nothing happened
    DecisionFigures all;
    std::vector<DecisionFigures> tools;      ///< the tools with the most decisions first
    std::vector<DecisionFigures> reviewers;  ///< the reviewers with the most decisions first
    /// The rules with the most requests first, at most 20; candidates for a condition.
    std::vector<RuleFigures> never_rejected;
};

/// Reads the requests that were created in `period` and the calls that the policy decided in it, each once, with
/// bounded memory whatever the size of the record. It reads the audit back to one day before the period, since clocks
/// may be set. If `is_wanted` is given, it is called before every 200 rows. Throws StorageError, and Error (cancelled)
/// when `is_wanted` returns false.
[[nodiscard]] ReviewStatistics read_statistics(Storage& record, const Period& period,
                                               const std::function<bool()>& is_wanted = {});

/// For machines; durations in milliseconds.
[[nodiscard]] Json to_json_view(const ReviewStatistics& statistics);

}  // namespace approvekit
