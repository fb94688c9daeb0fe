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

/// Like std::condition_variable, for very many sleepers.
///
/// Linux 6.16 and later keep the sleepers of a process in a few lists (16 on a machine with two processors). Finding
/// one among 10,000 there takes more than half a millisecond. Sleepers that other processes might wake are kept in the
/// large table of the whole system, so this class makes its sleepers look like those.
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
    /// Returns false if the deadline has passed. Throws std::system_error if the system cannot let a thread sleep.
    bool sleep_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline);

    ::pthread_cond_t condition_;
};

#else

using Condition = std::condition_variable;

#endif

/// A thread that is always waited for, even if it lets go of itself. Then it is waited for when another QueueThread is
/// ended after it is over, or at the end of the program. A thread that lets go of itself while the program ends is no
/// longer waited for.
class QueueThread {
public:
    /// Runs `function`. An exception from it ends the program. Throws std::system_error and std::bad_alloc.
    explicit QueueThread(std::function<void()> function);
    /// Waits for the thread's end. In a forked child this object is only a handle, and nothing waits.
    ~QueueThread();

    QueueThread(const QueueThread&) = delete;
    QueueThread& operator=(const QueueThread&) = delete;

    /// Lets go of `thread`, which may be null, and waits for its end unless it is the calling thread.
    static void end(std::unique_ptr<QueueThread> thread) noexcept;

    [[nodiscard]] bool is_this_thread() const noexcept { return thread_.get_id() == std::this_thread::get_id(); }

private:
    enum class Which { over, all };
    struct JoinAtExit;
    static const JoinAtExit at_exit_;

    static void leave(QueueThread* thread) noexcept;
    static void join_left(Which which) noexcept;

    const ::pid_t process_;
    const std::shared_ptr<std::atomic<bool>> is_over_;  // shared with the thread, which may outlive this object
    QueueThread* next_ = nullptr;                       // in the list of threads that were left
    std::jthread thread_;
};

}  // namespace approvekit::detail
