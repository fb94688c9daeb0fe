#pragma once

#include "agent/held_call.hpp"
#include "agent/timer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace approvekit::detail {

/// Waits for the decision on a call without a thread. Always shared, and owned by what it has put in the queue.
///
/// All of it happens on the queue's thread, so that one thread at a time uses the call.
class DecisionWait : public std::enable_shared_from_this<DecisionWait> {
public:
    /// `call` outlives it until `then` is called.
    DecisionWait(HeldCall& call, std::shared_ptr<TimerQueue> queue, std::stop_token stop, std::function<void()> then);

    /// Once. Touches nothing of this any more once the queue has it.
    void begin();

private:
    struct LookAgain {
        std::weak_ptr<DecisionWait> wait;
        std::shared_ptr<TimerQueue> queue;
        void operator()() const;
    };

    void listen();
    void look();
    void look_in(std::chrono::microseconds time);

    HeldCall& call_;
    const std::shared_ptr<TimerQueue> queue_;
    const std::stop_token stop_;
    std::function<void()> then_;
    std::shared_ptr<DecisionWait> self_;  // as long as it waits
    TimerQueue::Entry deadline_;
    std::optional<std::stop_callback<LookAgain>> stopped_;
};

}  // namespace approvekit::detail
