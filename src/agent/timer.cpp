#include "agent/timer.hpp"

#include <csignal>

#include <pthread.h>
#include <unistd.h>

namespace approvekit::detail {
namespace {

/// The program's signals are for its own threads. Faults stay deliverable, so that they are reported as such.
void leave_signals_to_the_program() noexcept {
    ::sigset_t signals;
    ::sigfillset(&signals);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
        ::sigdelset(&signals, fault);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

TimerQueue::Entry::Entry(std::weak_ptr<TimerQueue> queue, const Place& place) noexcept
    : queue_(std::move(queue)), place_(place) {}

TimerQueue::Entry::Entry(Entry&& other) noexcept
    : queue_(std::exchange(other.queue_, std::weak_ptr<TimerQueue>())), place_(other.place_) {}

TimerQueue::Entry& TimerQueue::Entry::operator=(Entry&& other) noexcept {
    Entry old(std::move(*this));
    queue_ = std::exchange(other.queue_, std::weak_ptr<TimerQueue>());
    place_ = other.place_;
    return *this;
}

TimerQueue::Entry::~Entry() {
    const auto queue = queue_.lock();
    if (!queue) return;
    std::function<void()> function;  // goes without the lock, for it may own what has entries itself
    const std::lock_guard lock(queue->mutex_);
    const auto found = queue->functions_.find(place_);
    if (found == queue->functions_.end()) return;
    function = std::move(found->second);
    queue->functions_.erase(found);
}

TimerQueue::TimerQueue(std::shared_ptr<const Clock> clock) : clock_(std::move(clock)), process_(::getpid()) {}

TimerQueue::Entry TimerQueue::call_after(std::chrono::microseconds time, std::function<void()> function) {
    const Entry::Place place = insert(time, std::move(function));
    return {weak_from_this(), place};
}

void TimerQueue::call_soon(std::function<void()> function) {
    static_cast<void>(insert(std::chrono::microseconds::min(), std::move(function)));
}

TimerQueue::Entry::Place TimerQueue::insert(std::chrono::microseconds time, std::function<void()> function) {
    // Kept to the end: what is called may be quick, and let go of the queue before this returns.
    const auto self = shared_from_this();
    const bool at_once = time < std::chrono::microseconds::zero();
    const Entry::Place place{at_once ? std::chrono::microseconds::min() : clock_->since_boot() + time, 0};
    const std::lock_guard lock(mutex_);
    if (is_closed_) return place;
    if (!thread_.joinable()) thread_ = std::jthread([self] { self->run(); });
    const Entry::Place numbered{place.first, ++last_number_};
    functions_.emplace(numbered, std::move(function));
    changed_.notify_all();
    return numbered;
}

void TimerQueue::look_again() noexcept {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
}

void TimerQueue::close() noexcept {
    if (process_ != ::getpid()) {
        // A forked child has only the handle, and whoever held the lock stayed behind.
        if (thread_.joinable()) thread_.detach();
        return;
    }
    std::map<Entry::Place, std::function<void()>> forgotten;
    std::jthread thread;
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        forgotten.swap(functions_);
        thread = std::move(thread_);
        changed_.notify_all();
    }
    if (!thread.joinable()) return;
    // A thread cannot wait for itself. This one owns all that it still uses, and ends when its function returns.
    if (thread.get_id() == std::this_thread::get_id()) thread.detach();
}

void TimerQueue::run() {
    leave_signals_to_the_program();
    while (auto function = next())
        function();
}

std::function<void()> TimerQueue::next() {
    std::unique_lock lock(mutex_);
    while (!is_closed_ && !is_due()) {
        const auto number = last_number_;
        changed_.wait_until(lock, next_time(), [&] { return is_closed_ || number != last_number_ || is_due(); });
    }
    if (is_closed_) return {};
    auto function = std::move(functions_.begin()->second);
    functions_.erase(functions_.begin());
    return function;
}

bool TimerQueue::is_due() const {
    return !functions_.empty() && functions_.begin()->first.first <= clock_->since_boot();
}

std::chrono::steady_clock::time_point TimerQueue::next_time() const {
    if (functions_.empty()) return std::chrono::steady_clock::time_point::max();
    return std::chrono::steady_clock::now() + (functions_.begin()->first.first - clock_->since_boot());
}

}  // namespace approvekit::detail
