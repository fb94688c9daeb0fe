#pragma once

#include "directory_watch.hpp"

#include <chrono>

namespace approvekit::sqlite {

/// What a look for changes came to.
enum class Looked {
    nothing,
    changes,
    busy  ///< somebody commits at this moment
};

/// How fast the watcher goes.
struct Pace {
    /// The slow poll behind the notifications.
    std::chrono::nanoseconds poll_interval = std::chrono::milliseconds{500};
    /// Looks that follow a notification too early begin at this distance and double it ...
    std::chrono::nanoseconds first_retry = std::chrono::microseconds{50};
    /// ... up to this, until `settle` has passed, and then on up to the poll interval.
    std::chrono::nanoseconds longest_retry = std::chrono::milliseconds{2};
    std::chrono::nanoseconds settle = std::chrono::milliseconds{12};
    /// Writes without a ring that come faster than this for long are answered once per such time.
    std::chrono::nanoseconds merge = std::chrono::milliseconds{20};
    /// How many of them are answered at once all the same: one commit is several writes.
    int burst = 16;
    /// The system tells of a closed file a moment before it drops the lock on it.
    std::chrono::nanoseconds departure_delay = std::chrono::milliseconds{2};
};

/// Decides when to look for changes, from what happened and what the looks came to. Reads no clock itself.
///
/// A ring means that its commit is visible: one look, at once. A write of the database means that a commit may become
/// visible soon: a look at once and further ones at growing distances, which each new write starts over. Writes that
/// keep coming fast are merged.
class LookSchedule {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    LookSchedule(const Pace& pace, TimePoint start);

    void note(const DirectoryWatch::Event& event, TimePoint now);
    void note(Looked looked, TimePoint now);

    /// When to look next. In the past: now.
    [[nodiscard]] TimePoint next() const noexcept { return next_; }

    /// Whether writes of the database change nothing before next().
    [[nodiscard]] bool is_merging() const noexcept { return merging_; }

private:
    void refill(TimePoint now);
    void follow_up(TimePoint now);

    Pace pace_;
    TimePoint next_;
    TimePoint settled_;                      ///< the end of quick follow-up looks
    std::chrono::nanoseconds retry_{0};      ///< the distance to the next follow-up; 0: none is due
    std::chrono::nanoseconds allowance_{0};  ///< how much faster than `merge` writes may still come
    TimePoint refilled_;
    bool merging_ = false;
};

}  // namespace approvekit::sqlite
