#include "agent/threads.hpp"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

namespace approvekit::detail {

#ifdef __linux__

namespace {

void check(int error, const char* what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

::timespec as_timespec(std::chrono::steady_clock::time_point time) {
    const auto since_start = time.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_start);
    const std::chrono::nanoseconds rest = since_start - seconds;
    return {static_cast<std::time_t>(seconds.count()), static_cast<long>(rest.count())};
}

}  // namespace

Condition::Condition() {
    ::pthread_condattr_t attributes;
    check(::pthread_condattr_init(&attributes), "pthread_condattr_init");
    ::pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    ::pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    const int error = ::pthread_cond_init(&condition_, &attributes);
    ::pthread_condattr_destroy(&attributes);
    check(error, "pthread_cond_init");
}

Condition::~Condition() {
    ::pthread_cond_destroy(&condition_);
}

void Condition::notify_all() noexcept {
    ::pthread_cond_broadcast(&condition_);
}

bool Condition::sleep_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline) {
    const ::timespec until = as_timespec(deadline);
    const int error = ::pthread_cond_timedwait(&condition_, lock.mutex()->native_handle(), &until);
    if (error == ETIMEDOUT) return false;
    check(error, "pthread_cond_timedwait");
    return true;
}

#endif

namespace {

/// Threads that let go of themselves. Without a lock, since a child that is forked meanwhile could not get it.
constinit std::atomic<QueueThread*> left_threads = nullptr;

/// Once this is set, nobody comes by any more to wait for threads that let go of themselves.
constinit std::atomic<bool> is_at_exit = false;

}  // namespace

struct QueueThread::JoinAtExit {
    ~JoinAtExit() {
        is_at_exit = true;
        join_left(Which::all);
    }
};

const QueueThread::JoinAtExit QueueThread::at_exit_{};

QueueThread::QueueThread(std::function<void()> function)
    : process_(::getpid()),
      is_over_(std::make_shared<std::atomic<bool>>(false)),
      thread_([is_over = is_over_, function = std::move(function)] {
          function();
          *is_over = true;
      }) {}

QueueThread::~QueueThread() {
    // The thread exists only in the parent, or it is this one, which ends with the program. Joining it would never end.
    if (process_ != ::getpid() || is_this_thread()) thread_.detach();
}

void QueueThread::end(std::unique_ptr<QueueThread> thread) noexcept {
    if (thread && thread->process_ == ::getpid() && thread->is_this_thread()) leave(thread.release());
    thread.reset();
    join_left(Which::over);
}

void QueueThread::leave(QueueThread* thread) noexcept {
    thread->next_ = left_threads;
    while (!left_threads.compare_exchange_weak(thread->next_, thread)) {
    }
    if (is_at_exit) join_left(Which::all);
}

void QueueThread::join_left(Which which) noexcept {
    QueueThread* each = left_threads.exchange(nullptr);
    while (each != nullptr) {
        std::unique_ptr<QueueThread> thread(each);
        each = thread->next_;
        const bool can_wait = *thread->is_over_ && !thread->is_this_thread();
        if (which == Which::over && !can_wait && thread->process_ == ::getpid()) leave(thread.release());
    }
}

}  // namespace approvekit::detail
