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

/// From when until when; what is missing has no end.
struct Period {
    std::optional<Time> since = {};
    std::optional<Time> until = {};
};

/// What happened on one day, in UTC.
struct DayFigures {
    std::string day;           ///< "2026-01-31"; of those before the oldest that are told apart, "earlier"
    std::size_t asked = 0;     ///< requests that were made
    std::size_t approved = 0;  ///< what became of these, whenever that was
    std::size_t rejected = 0;
    std::size_t timed_out = 0;
    std::size_t cancelled = 0;
    std::size_t answered = 0;  ///< by a person, instead of running
    std::size_t allowed = 0;   ///< calls that the policy allowed
    std::size_t denied = 0;    ///< calls that it denied
};

/// How people decided on a tool's requests, or how one of them did.
struct DecisionFigures {
    std::string name;  ///< of the tool or the reviewer; "(others)" for those beyond the first 500
    std::size_t approved = 0;
    std::size_t rejected = 0;
    std::size_t answered = 0;
    std::size_t approved_within_a_second = 0;
    /// Of what was decided in the period: those whose decision says that not all of it was on the screen.
    std::size_t approved_unseen = 0;
    std::chrono::microseconds median{};  ///< from the request to the decision, within one percent
    std::chrono::microseconds p90{};     ///< nine of ten took no longer
};

/// A rule of whose requests none was rejected or answered and at least one approved; others of them may have timed out, been
/// cancelled, or wait. Without `rule` the record does not tell which one it was.
struct RuleFigures {
    std::string rule;
    std::string tool;
    std::size_t asked = 0;
    std::size_t approved = 0;
};

/// How a record was reviewed. A plain value.
struct ReviewStatistics {
    Period period;
    std::vector<DayFigures> days;  ///< the newest first, without those on which nothing happened
    DecisionFigures all;
    std::vector<DecisionFigures> tools;       ///< those with the most decisions first
    std::vector<DecisionFigures> reviewers;   ///< the same
    std::vector<RuleFigures> never_rejected;  ///< those that ask most first, 20 at most: candidates for a condition
};

/// Reads the requests that were made in `period` and the calls that the policy decided in it, each once, in bounded
/// memory whatever the record holds. Of the audit it reads back to a day before the period, since clocks are set.
/// `is_wanted` is asked after every 200 rows, where it is given. Throws StorageError, and Error (cancelled) when it says no.
[[nodiscard]] ReviewStatistics read_statistics(Storage& record, const Period& period,
                                               const std::function<bool()>& is_wanted = {});

/// For machines; durations in milliseconds.
[[nodiscard]] Json to_json_view(const ReviewStatistics& statistics);

}  // namespace approvekit
