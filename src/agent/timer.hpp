#pragma once

#include "agent/threads.hpp"
#include "approvekit/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <sys/types.h>

namespace approvekit::detail {

/// Calls functions at their times, one after the other, on a thread of its own that starts with the first of them.
///
/// Always shared; thread-safe. An exception from a function ends the program. If the clock is set, or goes on while the
/// machine sleeps, that is noticed within a second.
class TimerQueue : public std::enable_shared_from_this<TimerQueue> {
public:
    explicit TimerQueue(std::shared_ptr<const Clock> clock);
    ~TimerQueue() = default;

    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    /// Keeps a function in the queue as long as this object lives. The function may still be called while this object
    /// is destroyed. Movable. In a forked child it does nothing.
    class Entry {
    public:
        Entry() noexcept = default;
        Entry(Entry&& other) noexcept;
        Entry& operator=(Entry&& other) noexcept;
        ~Entry();

    private:
        friend class TimerQueue;
        using Place = std::pair<std::chrono::microseconds, std::uint64_t>;
        Entry(std::weak_ptr<TimerQueue> queue, const Place& place) noexcept;

        std::weak_ptr<TimerQueue> queue_;
        Place place_;
    };

    /// Calls `function` once `time` has passed by the clock's since_boot(). Throws std::system_error if the system
    /// gives no thread, and std::bad_alloc; the function is then not called.
    [[nodiscard]] Entry call_after(std::chrono::microseconds time, std::function<void()> function);
    /// Calls `function` as soon as possible, whatever becomes of the caller. Returns false if the queue was closed; the
    /// function is then not called.
    bool call_soon(std::function<void()> function);
    /// Has the function of `entry` called as soon as possible, unless it was already called. Allocates nothing.
    void hasten(Entry& entry) noexcept;

    /// Calls the functions that are to be called soon, forgets all others in the queue, and ends the thread. Returns
    /// after that, unless a function of the queue calls this. The queue takes nothing any more.
    void close() noexcept;

    [[nodiscard]] bool is_on_this_thread() const noexcept;

private:
    /// Returns nothing if the queue was closed.
    std::optional<Entry::Place> insert(std::chrono::microseconds time, std::function<void()> function);
    void run();
    /// Returns the next function once it is due, or an empty one if the thread is to end.
    [[nodiscard]] std::function<void()> next();
    [[nodiscard]] bool is_due() const;
    [[nodiscard]] std::chrono::steady_clock::time_point next_time() const;

    const std::shared_ptr<const Clock> clock_;
    const ::pid_t process_;
    mutable std::mutex mutex_;  // guards what follows
    Condition changed_;
    std::map<Entry::Place, std::function<void()>> functions_;
    std::uint64_t last_number_ = 0;
    bool is_closed_ = false;
    std::unique_ptr<QueueThread> thread_;
};

/// Owns a queue, and closes it when destroyed.
class Timer {
public:
    explicit Timer(std::shared_ptr<const Clock> clock) : queue_(std::make_shared<TimerQueue>(std::move(clock))) {}
    ~Timer() { queue_->close(); }

    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    [[nodiscard]] const std::shared_ptr<TimerQueue>& queue() const noexcept { return queue_; }

private:
    std::shared_ptr<TimerQueue> queue_;
};

}  // namespace approvekit::detail
