#pragma once

#include "agent/condition.hpp"
#include "approvekit/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <sys/types.h>

namespace approvekit::detail {

/// Calls functions at their times, one after the other, on a thread of its own that starts with the first of them.
///
/// Always shared; thread-safe. An exception of a function ends the program. After close() nothing is called any more.
class TimerQueue : public std::enable_shared_from_this<TimerQueue> {
public:
    explicit TimerQueue(std::shared_ptr<const Clock> clock);
    ~TimerQueue() = default;

    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    /// Keeps a function in the queue as long as it lives. It may be called still while this goes. Movable.
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

    /// Has `function` called once `time` has passed by the clock's since_boot(). Throws std::system_error when the system
    /// gives no thread, and std::bad_alloc; then it is not called.
    [[nodiscard]] Entry call_after(std::chrono::microseconds time, std::function<void()> function);
    /// The same as soon as may be, and whatever becomes of the caller.
    void call_soon(std::function<void()> function);

    /// To be called after the clock was set.
    void look_again() noexcept;

    /// Ends the thread and forgets what is in the queue. Waits for a function that is being called, unless that calls
    /// this.
    void close() noexcept;

private:
    Entry::Place insert(std::chrono::microseconds time, std::function<void()> function);
    void run();
    /// The next function, once it is due; empty when the thread is to end.
    [[nodiscard]] std::function<void()> next();
    [[nodiscard]] bool is_due() const;
    [[nodiscard]] std::chrono::steady_clock::time_point next_time() const;

    const std::shared_ptr<const Clock> clock_;
    const ::pid_t process_;
    std::mutex mutex_;  // guards what follows
    Condition changed_;
    std::map<Entry::Place, std::function<void()>> functions_;
    std::uint64_t last_number_ = 0;
    bool is_closed_ = false;
    std::jthread thread_;
};

/// Closes a queue when it goes.
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
