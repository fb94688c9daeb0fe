#include "agent/timer.hpp"

#include "base/thread_signals.hpp"

#include <algorithm>
#include <iterator>

#include <unistd.h>

namespace approvekit::detail {
namespace {

constexpr auto soon = std::chrono::microseconds::min();
constexpr auto longest_sleep = std::chrono::seconds(1);

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
    // A thread that held the lock at the fork exists only in the parent.
    if (!queue || queue->process_ != ::getpid()) return;
    std::function<void()> function;  // destroyed without the lock, since it may own something that has entries itself
    const std::lock_guard lock(queue->mutex_);
    const auto found = queue->functions_.find(place_);
    if (found == queue->functions_.end()) return;
    function = std::move(found->second);
    queue->functions_.erase(found);
}

TimerQueue::TimerQueue(std::shared_ptr<const Clock> clock) : clock_(std::move(clock)), process_(::getpid()) {}

TimerQueue::Entry TimerQueue::call_after(std::chrono::microseconds time, std::function<void()> function) {
    const auto place = insert(time, std::move(function));
    return place ? Entry(weak_from_this(), *place) : Entry();
}

bool TimerQueue::call_soon(std::function<void()> function) {
    return insert(soon, std::move(function)).has_value();
}

void TimerQueue::hasten(Entry& entry) noexcept {
    const std::lock_guard lock(mutex_);
    auto found = functions_.extract(entry.place_);
    if (!found) return;
    entry.place_ = {soon, ++last_number_};
    found.key() = entry.place_;
    functions_.insert(std::move(found));
    changed_.notify_all();
}

std::optional<TimerQueue::Entry::Place> TimerQueue::insert(std::chrono::microseconds time,
                                                           std::function<void()> function) {
    // Keep this until the end: the called function may be quick, and let go of the queue before this returns.
    const auto self = shared_from_this();
    const bool at_once = time < std::chrono::microseconds::zero();
    const auto when = at_once ? soon : clock_->since_boot() + time;
    const std::lock_guard lock(mutex_);
    if (is_closed_) return std::nullopt;
    if (!thread_) thread_ = std::make_unique<QueueThread>([self] { self->run(); });
    const Entry::Place place{when, ++last_number_};
    functions_.emplace(place, std::move(function));
    changed_.notify_all();
    return place;
}

void TimerQueue::close() noexcept {
    // A thread that held the lock at the fork exists only in the parent.
    if (process_ != ::getpid()) return thread_.reset();
    std::map<Entry::Place, std::function<void()>> forgotten;
    std::unique_ptr<QueueThread> thread;
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        while (!functions_.empty() && functions_.rbegin()->first.first != soon)
            forgotten.insert(functions_.extract(std::prev(functions_.end())));
        thread = std::move(thread_);
        changed_.notify_all();
    }
    QueueThread::end(std::move(thread));  // the thread owns everything that it still uses
}

bool TimerQueue::is_on_this_thread() const noexcept {
    const std::lock_guard lock(mutex_);
    return thread_ && thread_->is_this_thread();
}

void TimerQueue::run() {
    base::leave_signals_to_others();
    while (auto function = next())
        function();
}

std::function<void()> TimerQueue::next() {
    std::unique_lock lock(mutex_);
    while (!is_closed_ && !is_due()) {
        const auto number = last_number_;
        changed_.wait_until(lock, next_time(), [&] { return is_closed_ || number != last_number_ || is_due(); });
    }
    if (functions_.empty()) return {};
    auto function = std::move(functions_.begin()->second);
    functions_.erase(functions_.begin());
    return function;
}

bool TimerQueue::is_due() const {
    return !functions_.empty() && functions_.begin()->first.first <= clock_->since_boot();
}

std::chrono::steady_clock::time_point TimerQueue::next_time() const {
    if (functions_.empty()) return std::chrono::steady_clock::time_point::max();
    const std::chrono::microseconds left = functions_.begin()->first.first - clock_->since_boot();
    return std::chrono::steady_clock::now() + std::min<std::chrono::microseconds>(left, longest_sleep);
}

}  // namespace approvekit::detail
