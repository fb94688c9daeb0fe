#include "agent/queue_thread.hpp"

#include <unistd.h>

#include <utility>

namespace approvekit::detail {
namespace {

/// Those that let go of themselves. Without a lock, which a child that is forked meanwhile could not get.
constinit std::atomic<QueueThread*> left_threads = nullptr;

/// From then on nobody comes by to wait for those that let go of themselves.
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
    // The thread stayed behind in the parent, or it ends with the program: joining it would never end.
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
