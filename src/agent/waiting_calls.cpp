#include "agent/waiting_calls.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::detail {

void WaitingCall::call(Notice notice) noexcept {
    note(notice);
    tell();
}

void WaitingCall::note(Notice notice) noexcept {
    std::unique_lock lock(mutex_);
    if (notice != Notice::voted || notice_ == Notice::none) notice_ = notice;
    condition_.notify_all();
    is_due_ = listener_ != nullptr;
    const auto bell = bell_.lock();
    lock.unlock();
    if (bell) bell->call(notice);
}

void WaitingCall::tell() noexcept {
    std::unique_lock lock(mutex_);
    if (!std::exchange(is_due_, false)) return;
    const auto listener = listener_;
    lock.unlock();
    (*listener)();
}

bool WaitingCall::is_due() const noexcept {
    const std::lock_guard lock(mutex_);
    return is_due_;
}

void WaitingCall::replace() noexcept {
    {
        const std::lock_guard lock(mutex_);
        is_replaced_ = true;
    }
    call(Notice::look);
}

bool WaitingCall::is_replaced() const noexcept {
    const std::lock_guard lock(mutex_);
    return is_replaced_;
}

Notice WaitingCall::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(notice_, Notice::none);
}

void WaitingCall::put_back(Notice notice) {
    const std::lock_guard lock(mutex_);
    if (notice_ <= Notice::voted) notice_ = std::max(notice_, notice);
}

void WaitingCall::listen(std::function<void()> listener) {
    auto shared = std::make_shared<const std::function<void()>>(std::move(listener));
    const std::lock_guard lock(mutex_);
    listener_.swap(shared);  // the earlier one is destroyed without the lock
}

void WaitingCall::ring_at(const std::shared_ptr<WaitingCall>& bell) {
    const std::lock_guard lock(mutex_);
    bell_ = bell;
}

Notice WaitingCall::wait(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline) {
    const std::stop_callback stopped(stop, [this] {
        const std::lock_guard lock(mutex_);
        condition_.notify_all();
    });
    std::unique_lock lock(mutex_);
    condition_.wait_until(lock, deadline, [&] { return notice_ != Notice::none || stop.stop_requested(); });
    return std::exchange(notice_, Notice::none);
}

bool WaitingCall::called() const {
    const std::lock_guard lock(mutex_);
    return notice_ > Notice::voted;
}

void WaitingCalls::enter(const std::string& request_id, std::shared_ptr<WaitingCall> waiting) {
    std::shared_ptr<WaitingCall> earlier;
    {
        const std::lock_guard lock(mutex_);
        earlier = std::exchange(calls_[request_id], std::move(waiting));
    }
    if (earlier) earlier->replace();
}

void WaitingCalls::leave(const std::string& request_id, const std::shared_ptr<WaitingCall>& waiting) noexcept {
    const std::lock_guard lock(mutex_);
    const auto at = calls_.find(request_id);
    if (at != calls_.end() && at->second == waiting) calls_.erase(at);
}

std::shared_ptr<WaitingCall> WaitingCalls::find(const std::string& request_id) const {
    const std::lock_guard lock(mutex_);
    const auto at = calls_.find(request_id);
    return at == calls_.end() ? nullptr : at->second;
}

void WaitingCalls::on_change(const Change& change) noexcept {
    if (change.request_id.empty()) return call_everybody();
    const auto waiting = find(change.request_id);
    if (!waiting) return;
    if (change.status != ApprovalStatus::pending) {
        waiting->call(change.status == ApprovalStatus::approved ? Notice::approved : Notice::look);
    } else if (waiting->follows_votes()) {
        waiting->call(Notice::voted);
    }
}

void WaitingCalls::on_watch_failed(const std::string&) noexcept {
    call_everybody();
}

void WaitingCalls::call_everybody() noexcept {
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, waiting] : calls_)
            waiting->note(Notice::look);
    }
    // Without the lock: a listener may make calls enter or leave.
    while (const auto waiting = next_due())
        waiting->tell();
}

std::shared_ptr<WaitingCall> WaitingCalls::next_due() const noexcept {
    const std::lock_guard lock(mutex_);
    const auto due =
        std::find_if(calls_.begin(), calls_.end(), [](const auto& entry) { return entry.second->is_due(); });
    return due == calls_.end() ? nullptr : due->second;
}

}  // namespace approvekit::detail
