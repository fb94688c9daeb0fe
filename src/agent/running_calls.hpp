#pragma once

#include "approvekit/detail/running_call.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace approvekit::detail {

/// The runs of a kit that go on after their tools have returned. Thread-safe; owns none of them.
class RunningCalls {
public:
    /// False when there is no kit any more that could end it.
    [[nodiscard]] bool enter(const std::shared_ptr<RunningCall>& call);
    void leave(const RunningCall* call) noexcept;

    /// Nobody will be there to hear how they end; none enters any more.
    void end_all() noexcept;

private:
    std::mutex mutex_;  // guards what follows
    bool is_closed_ = false;
    std::unordered_map<const RunningCall*, std::weak_ptr<RunningCall>> calls_;
};

}  // namespace approvekit::detail
