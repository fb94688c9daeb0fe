#pragma once

#include "sqlite/directory_watch.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <thread>

#include <sys/types.h>

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
    /// After a notification that came before its commit, looks follow at this distance, doubled each time ...
    std::chrono::nanoseconds first_retry = std::chrono::microseconds{50};
    /// ... up to this one, or to an eighth of the time since: a commit that waits long for its disk is found soon in
    /// proportion. They end when a poll interval has passed.
    std::chrono::nanoseconds longest_retry = std::chrono::milliseconds{2};
    /// Writes without a ring that keep coming faster than this are answered once per such time ...
    std::chrono::nanoseconds merge = std::chrono::milliseconds{5};
    /// ... after so many that were answered at once: a single commit is several writes.
    int burst = 64;
    /// The system tells of a closed file a moment before it drops the lock on it.
    std::chrono::nanoseconds departure_delay = std::chrono::milliseconds{2};
    /// A tick that failed comes again after this, or with the next poll if that is sooner.
    std::chrono::nanoseconds failed_tick_retry = std::chrono::seconds{1};
};

/// Decides when to look for changes, from what happened and what the looks came to. Reads no clock itself.
///
/// A ring means that its commit is visible: one look, at once. A write of the database means that a commit may become
/// visible soon: a look at once and further ones at growing distances, which each new write starts over. Writes that
/// keep coming fast, and other commotion in the directory, are merged.
class LookSchedule {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    LookSchedule(const Pace& pace, TimePoint now);

    void note(const DirectoryWatch::Event& event, TimePoint now);
    void note(Looked looked, TimePoint now);
    void demand_look(TimePoint now);

    /// When to look next; TimePoint::max() when there is no reason to.
    [[nodiscard]] TimePoint next() const noexcept { return next_; }

    /// Whether writes of the database would change nothing now, so that nobody need tell of them.
    [[nodiscard]] bool is_merging(TimePoint now) const noexcept { return merging_ && now < merged_until_; }

private:
    [[nodiscard]] bool spend_allowance(TimePoint now);
    void start_merging(TimePoint now);
    void start_retries(std::chrono::nanoseconds first, TimePoint now);
    [[nodiscard]] std::chrono::nanoseconds longer_retry(TimePoint now) const;

    Pace pace_;
    TimePoint next_;
    std::chrono::nanoseconds retry_{0};  ///< from the next look to the one after it; 0: there is none
    TimePoint retrying_since_;
    std::chrono::nanoseconds allowance_;  ///< each write costs `merge` of it, and time brings it back
    TimePoint allowance_time_;
    bool met_lock_ = false;  ///< in the last look
    bool merging_ = false;
    TimePoint merged_until_;
};

/// The one thread of a storage: it looks for changes when the database or its bell says so, and does what is due.
///
/// All callbacks run on that thread, one at a time, and may begin before the constructor has returned. What they throw
/// goes to on_failure, and the watcher goes on. While one runs no other does, so none of them should wait for long.
class Watcher {
public:
    struct Callbacks {
        /// Looks for changes without waiting for locks.
        std::function<Looked()> look;
        /// Does what is due; returns after how long it wants to be called again, at the latest.
        std::function<std::chrono::nanoseconds()> tick;
        /// A process let go of the bell: maybe an agent died. Or the bell is gone. May be empty.
        std::function<void()> departure;
        /// Must not throw.
        std::function<void(std::exception_ptr)> on_failure;
    };

    /// Looks and ticks at once, and once more in every poll interval whatever else happens. Throws what DirectoryWatch
    /// throws, and std::system_error when the system has no thread to give.
    Watcher(const std::filesystem::path& database, Callbacks callbacks, const Pace& pace = {});

    /// Waits for the running callback to return; none begins after that. In a forked child, where the thread does not
    /// exist, it waits for nothing.
    ~Watcher();

    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// As though the poll interval had passed: look and tick, soon. For every thread, callbacks included.
    void wake() noexcept { watch_.interrupt(); }

private:
    using TimePoint = LookSchedule::TimePoint;

    void run(const std::stop_token& stop);
    void note(const DirectoryWatch::Event& event, TimePoint now);
    void do_what_is_due(TimePoint now);
    void look();
    void tick(TimePoint now);
    void depart();
    [[nodiscard]] TimePoint next() const;

    Callbacks callbacks_;
    Pace pace_;
    DirectoryWatch watch_;
    LookSchedule schedule_;
    TimePoint next_poll_;
    TimePoint next_tick_;
    TimePoint next_departure_ = TimePoint::max();
    ::pid_t owner_;
    std::jthread thread_;  ///< last, so that it ends before what it uses
};

}  // namespace approvekit::sqlite
