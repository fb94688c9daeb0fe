#pragma once

#include "approvekit/detail/running_call.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace approvekit::detail {

/// The runs of a kit that go on after their tools have returned. Thread-safe. Owns none of them.
class RunningCalls {
public:
    /// Returns false if no kit is left that could end the call.
    [[nodiscard]] bool enter(const std::shared_ptr<RunningCall>& call);
    void leave(const RunningCall* call) noexcept;

    /// Ends all of them, since nobody will be there to hear how they end. No call can enter any more.
    void end_all() noexcept;

private:
    std::mutex mutex_;  // guards what follows
    bool is_closed_ = false;
    std::unordered_map<const RunningCall*, std::weak_ptr<RunningCall>> calls_;
};

}  // namespace approvekit::detail
