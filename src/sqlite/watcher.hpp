#pragma once

#include "directory_watch.hpp"
#include "look_schedule.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <thread>

#include <sys/types.h>

namespace approvekit::sqlite {

/// The one thread of a storage: it looks for changes when the database or its bell says so, and works off what is due.
///
/// All callbacks run on that thread, one at a time, from the constructor's return until the destructor's. What they
/// throw goes to on_failure, and the watcher goes on.
class Watcher {
public:
    struct Callbacks {
        /// Looks for changes without waiting for locks. Also called once per poll interval.
        std::function<Looked()> look;
        /// Does what is due; returns how long it may sleep at most (the poll interval limits that too).
        std::function<std::chrono::nanoseconds()> tick;
        /// A process let go of the bell: maybe an agent died. May be empty.
        std::function<void()> departure;
        /// Must not throw.
        std::function<void(std::exception_ptr)> on_failure;
    };

    /// Throws what DirectoryWatch throws. The first look and tick come at once.
    Watcher(const std::filesystem::path& database, Callbacks callbacks, const Pace& pace = {});

    /// Waits for the running callback to return. In a forked child, where the thread does not exist, for nothing.
    ~Watcher();

    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// As though the poll interval had passed: tick and look, soon. Callable from every thread, callbacks included.
    void wake() noexcept;

private:
    using TimePoint = LookSchedule::TimePoint;

    void run(const std::stop_token& stop);
    void handle(const DirectoryWatch::Event& event);
    void work_off();
    void look();
    void tick();
    void depart();
    [[nodiscard]] std::chrono::nanoseconds idle_time() const;

    Callbacks callbacks_;
    Pace pace_;
    DirectoryWatch watch_;
    LookSchedule schedule_;
    TimePoint next_tick_;
    TimePoint next_departure_ = TimePoint::max();
    ::pid_t owner_;
    std::jthread thread_;  ///< last, so that it ends before what it uses
};

}  // namespace approvekit::sqlite
