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

/// The result of a look for changes.
enum class Looked {
    nothing,
    changes,
    busy  ///< somebody is just committing
};

/// How often the watcher acts.
struct Pace {
    /// The slow poll, in case notifications are missed.
    std::chrono::nanoseconds poll_interval = std::chrono::milliseconds{500};
    /// After a notification that came before its commit, looks follow after this time, doubled each time ...
    std::chrono::nanoseconds first_retry = std::chrono::microseconds{50};
    /// ... up to this one, or to an eighth of the time since then, so that even a commit that waits long for its disk
    /// is found relatively soon. They end after a poll interval.
    std::chrono::nanoseconds longest_retry = std::chrono::milliseconds{2};
    /// Writes without a ring that keep coming faster than this cause one look in each such period ...
    std::chrono::nanoseconds merge = std::chrono::milliseconds{5};
    /// ... after this many that each caused a look at once, since a single commit is several writes.
    int burst = 64;
    /// The system reports a closed file a moment before it drops the lock on it.
    std::chrono::nanoseconds departure_delay = std::chrono::milliseconds{2};
    /// A failed tick is repeated after this time, or with the next poll if that is sooner.
    std::chrono::nanoseconds failed_tick_retry = std::chrono::seconds{1};
};

/// Decides when to look for changes, from events and from the results of the looks. Does not read a clock itself.
///
/// A ring means that its commit is visible: one look, at once. A write of the database means that a commit may become
/// visible soon: one look at once, and more at growing intervals, which start again with each new write. Writes that
/// keep coming fast, and other activity in the directory, are merged.
class LookSchedule {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    LookSchedule(const Pace& pace, TimePoint now);

    void note(const DirectoryWatch::Event& event, TimePoint now);
    void note(Looked looked, TimePoint now);
    void demand_look(TimePoint now);

    /// When to look next; TimePoint::max() if there is no reason to.
    [[nodiscard]] TimePoint next() const noexcept { return next_; }

    /// Whether a write of the database would change nothing now, so that it need not be reported.
    [[nodiscard]] bool is_merging(TimePoint now) const noexcept { return merging_ && now < merged_until_; }

private:
    [[nodiscard]] bool spend_allowance(TimePoint now);
    void start_merging(TimePoint now);
    void start_retries(std::chrono::nanoseconds first, TimePoint now);
    [[nodiscard]] std::chrono::nanoseconds longer_retry(TimePoint now) const;

    Pace pace_;
    TimePoint next_;
    std::chrono::nanoseconds retry_{0};  ///< from the next look to the one after it; 0 if there is none
    TimePoint retrying_since_;
    std::chrono::nanoseconds allowance_;  ///< each write costs `merge` of it, and it grows with time
    TimePoint allowance_time_;
    bool met_lock_ = false;  ///< in the last look
    bool merging_ = false;
    TimePoint merged_until_;
};

/// The one thread of a storage. It looks for changes when the database or its bell gives a reason, and does what is
/// due.
///
/// All callbacks run on that thread, one at a time, and may begin before the constructor has returned. Their exceptions
/// go to on_failure, and the watcher continues. While one runs no other does, so none of them should wait for long.
class Watcher {
public:
    struct Callbacks {
        /// Looks for changes without waiting for locks.
        std::function<Looked()> look;
        /// Does what is due. Returns the time after which it must be called again, at the latest.
        std::function<std::chrono::nanoseconds()> tick;
        /// A process closed the bell, so an agent may have died; or the bell is gone. May be empty.
        std::function<void()> departure;
        /// Must not throw.
        std::function<void(std::exception_ptr)> on_failure;
    };

    /// Looks and ticks at once, and again in every poll interval, whatever else happens. Throws what DirectoryWatch
    /// throws, and std::system_error if the system has no thread left.
    Watcher(const std::filesystem::path& database, Callbacks callbacks, const Pace& pace = {});

    /// Waits until the running callback returns; none begins after that. In a forked child, where the thread does not
    /// exist, it does not wait.
    ~Watcher();

    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// Acts as if the poll interval had passed: looks and ticks soon. Any thread may call it, callbacks included.
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
