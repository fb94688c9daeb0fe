#pragma once

#include "sqlite/directory_watch.hpp"
#include "sqlite/look_schedule.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <thread>

#include <sys/types.h>

namespace approvekit::sqlite {

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
