#include "agent/decision_wait.hpp"

#include <utility>

namespace approvekit::detail {

DecisionWait::DecisionWait(HeldCall& call, std::shared_ptr<TimerQueue> queue, std::stop_token stop, Then then)
    : call_(call), queue_(std::move(queue)), stop_(std::move(stop)), then_(std::move(then)) {}

void DecisionWait::begin() {
    const auto queue = queue_;
    static_cast<void>(queue->call_soon([self = shared_from_this()] { self->listen(); }));
}

void DecisionWait::LookAgain::operator()() const noexcept {
    if (const auto waiting = wait.lock()) waiting->look_soon();
}

void DecisionWait::listen() {
    self_ = shared_from_this();
    const LookAgain again{weak_from_this()};
    try {
        set_timer();
        if (stop_.stop_possible()) stopped_.emplace(stop_, again);
        call_.on_decided(again);
    } catch (...) {
        return finish(std::current_exception());
    }
    look();
}

void DecisionWait::look() {
    if (!then_) return;
    {
        const std::lock_guard lock(mutex_);
        is_asked_ = false;
    }
    try {
        if (!stop_.stop_requested() && !call_.is_decided()) return set_timer();
    } catch (...) {
        return finish(std::current_exception());
    }
    finish(nullptr);
}

void DecisionWait::set_timer() {
    auto timer = queue_->call_after(call_.time_left(), [wait = weak_from_this()] {
        if (const auto waiting = wait.lock()) waiting->look();
    });
    const std::lock_guard lock(mutex_);
    std::swap(timer_, timer);
    if (is_asked_) queue_->hasten(timer_);
}

void DecisionWait::look_soon() noexcept {
    const std::lock_guard lock(mutex_);
    is_asked_ = true;
    queue_->hasten(timer_);
}

void DecisionWait::finish(std::exception_ptr failure) {
    const auto self = std::move(self_);
    {
        const std::lock_guard lock(mutex_);
        timer_ = {};
    }
    stopped_.reset();
    const auto then = std::exchange(then_, nullptr);
    then(std::move(failure));
}

}  // namespace approvekit::detail
