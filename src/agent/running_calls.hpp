#pragma once

#include "approvekit/detail/running_call.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace approvekit::detail {

/// The runs of a kit that go on after their tools have returned. Thread-safe; owns none of them.
class RunningCalls {
public:
    void enter(const std::shared_ptr<RunningCall>& call);
    void leave(const RunningCall* call) noexcept;

    /// Nobody will be there to hear how they end.
    void end_all() noexcept;

private:
    std::mutex mutex_;
    std::unordered_map<const RunningCall*, std::weak_ptr<RunningCall>> calls_;
};

}  // namespace approvekit::detail
