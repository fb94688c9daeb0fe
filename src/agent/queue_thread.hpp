#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include <sys/types.h>

namespace approvekit::detail {

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
