#pragma once

#include "agent/held_call.hpp"
#include "agent/timer.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace approvekit::detail {

/// Waits for the decision on a call without a thread. Always shared, and owned by what it has put in the queue.
///
/// All of it happens on the queue's thread, so that one thread at a time uses the call; only what may have come is told
/// to it on others.
class DecisionWait : public std::enable_shared_from_this<DecisionWait> {
public:
    /// What stopped it from looking, null for nothing; then nobody may have decided yet.
    using Then = std::function<void(std::exception_ptr)>;

    /// `call` outlives it until `then` is called.
    DecisionWait(HeldCall& call, std::shared_ptr<TimerQueue> queue, std::stop_token stop, Then then);

    /// Once. Touches nothing of this any more once the queue has it.
    void begin();

private:
    struct LookAgain {
        std::weak_ptr<DecisionWait> wait;
        void operator()() const noexcept;
    };

    void listen();
    void look();
    /// Looks again when the call cannot be decided any more, or sooner when asked to.
    void set_timer();
    void look_soon() noexcept;
    void finish(std::exception_ptr failure);

    HeldCall& call_;
    const std::shared_ptr<TimerQueue> queue_;
    const std::stop_token stop_;
    Then then_;
    std::shared_ptr<DecisionWait> self_;  // as long as it waits

    std::mutex mutex_;  // guards these two
    TimerQueue::Entry timer_;
    bool is_asked_ = false;  // to look, since the last look

    std::optional<std::stop_callback<LookAgain>> stopped_;
};

}  // namespace approvekit::detail
