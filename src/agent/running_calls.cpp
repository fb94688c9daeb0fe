#include "agent/running_calls.hpp"

#include <utility>

namespace approvekit::detail {

bool RunningCalls::enter(const std::shared_ptr<RunningCall>& call) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return false;
    calls_.emplace(call.get(), call);
    return true;
}

void RunningCalls::leave(const RunningCall* call) noexcept {
    const std::lock_guard lock(mutex_);
    calls_.erase(call);
}

void RunningCalls::end_all() noexcept {
    std::unordered_map<const RunningCall*, std::weak_ptr<RunningCall>> calls;
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        calls.swap(calls_);
    }
    for (const auto& [place, weak] : calls) {
        if (const auto call = weak.lock()) call->close();
    }
}

}  // namespace approvekit::detail
