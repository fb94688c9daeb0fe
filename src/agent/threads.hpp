#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include <pthread.h>
#include <sys/types.h>

namespace approvekit::detail {

#ifdef __linux__

/// What std::condition_variable is, for very many sleepers.
///
/// Linux 6.16 and later keep the sleepers of a process in a few lists (16 on a machine with two processors), where it
/// takes more than half a millisecond to find one among 10,000. Those whom other processes might wake are kept in the
/// large table of the whole system, so these sleep as if they were.
class Condition {
public:
    Condition();
    ~Condition();

    Condition(const Condition&) = delete;
    Condition& operator=(const Condition&) = delete;

    void notify_all() noexcept;

    template <typename Predicate>
    void wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline,
                    Predicate predicate) {
        while (!predicate() && sleep_until(lock, deadline)) {
        }
    }

private:
    /// False when the deadline passed. Throws std::system_error when the system cannot let a thread sleep.
    bool sleep_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline);

    ::pthread_cond_t condition_;
};

#else

using Condition = std::condition_variable;

#endif

/// A thread that is waited for, also where it lets go of itself: then by whoever ends another one when it is over, or
/// at the end of the program. One that lets go of itself while the program ends is waited for no more.
class QueueThread {
public:
    /// Runs `function`, of which an exception ends the program. Throws std::system_error and std::bad_alloc.
    explicit QueueThread(std::function<void()> function);
    /// Waits for its end. In a forked child there is only a handle of it, for which nobody waits.
    ~QueueThread();

    QueueThread(const QueueThread&) = delete;
    QueueThread& operator=(const QueueThread&) = delete;

    /// Lets go of `thread`, which may be null, and waits for its end unless this is that thread.
    static void end(std::unique_ptr<QueueThread> thread) noexcept;

    [[nodiscard]] bool is_this_thread() const noexcept { return thread_.get_id() == std::this_thread::get_id(); }

private:
    enum class Which { over, all };
    struct JoinAtExit;
    static const JoinAtExit at_exit_;

    static void leave(QueueThread* thread) noexcept;
    static void join_left(Which which) noexcept;

    const ::pid_t process_;
    const std::shared_ptr<std::atomic<bool>> is_over_;  // the thread's own too, which may outlive this
    QueueThread* next_ = nullptr;                       // among those that were left
    std::jthread thread_;
};

}  // namespace approvekit::detail
