#include "agent/decision_wait.hpp"

#include <utility>

namespace approvekit::detail {

DecisionWait::DecisionWait(HeldCall& call, std::shared_ptr<TimerQueue> queue, std::stop_token stop,
                           std::function<void()> then)
    : call_(call), queue_(std::move(queue)), stop_(std::move(stop)), then_(std::move(then)) {}

void DecisionWait::begin() {
    const auto queue = queue_;
    queue->call_soon([self = shared_from_this()] { self->listen(); });
}

void DecisionWait::LookAgain::operator()() const {
    queue->call_soon([wait = wait] {
        if (const auto waiting = wait.lock()) waiting->look();
    });
}

void DecisionWait::listen() {
    self_ = shared_from_this();
    const LookAgain again{weak_from_this(), queue_};
    try {
        if (stop_.stop_possible()) stopped_.emplace(stop_, again);
        call_.on_decided(again);
        look_in(call_.time_left());
    } catch (const StorageError&) {
        // Whoever asks the call next is told.
    }
    look();
}

void DecisionWait::look_in(std::chrono::microseconds time) {
    deadline_ = queue_->call_after(time, [wait = weak_from_this()] {
        const auto waiting = wait.lock();
        if (!waiting) return;
        waiting->look();
        // The clock may have been set back meanwhile.
        if (waiting->then_) waiting->look_in(waiting->call_.time_left());
    });
}

void DecisionWait::look() {
    if (!then_) return;
    try {
        if (!stop_.stop_requested() && !call_.is_decided()) return;
    } catch (const StorageError&) {
        // The same.
    }
    const auto self = std::move(self_);
    deadline_ = {};
    stopped_.reset();
    const auto then = std::exchange(then_, nullptr);
    then();
}

}  // namespace approvekit::detail
