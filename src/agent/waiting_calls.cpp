#include "agent/waiting_calls.hpp"

#include <utility>

namespace approvekit::detail {

void WaitingCall::call(Notice notice) noexcept {
    const std::lock_guard lock(mutex_);
    notice_ = notice;
    condition_.notify_all();
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
    return notice_ != Notice::none;
}

void WaitingCalls::enter(const std::string& request_id, std::shared_ptr<WaitingCall> waiting) {
    const std::lock_guard lock(mutex_);
    calls_.emplace(request_id, std::move(waiting));
}

void WaitingCalls::leave(const std::string& request_id) noexcept {
    const std::lock_guard lock(mutex_);
    calls_.erase(request_id);
}

std::shared_ptr<WaitingCall> WaitingCalls::find(const std::string& request_id) const {
    const std::lock_guard lock(mutex_);
    const auto at = calls_.find(request_id);
    return at == calls_.end() ? nullptr : at->second;
}

void WaitingCalls::on_change(const Change& change) noexcept {
    if (change.request_id.empty()) return call_everybody();
    if (change.status == ApprovalStatus::pending) return;
    const auto notice = change.status == ApprovalStatus::approved ? Notice::approved : Notice::look;
    if (const auto waiting = find(change.request_id)) waiting->call(notice);
}

void WaitingCalls::on_watch_failed(const std::string&) noexcept {
    call_everybody();
}

void WaitingCalls::call_everybody() noexcept {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, waiting] : calls_)
        waiting->call(Notice::look);
}

}  // namespace approvekit::detail
