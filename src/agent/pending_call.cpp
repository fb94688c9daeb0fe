#include "approvekit/pending_call.hpp"

#include "agent/held_call.hpp"
#include "agent/timer.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace approvekit {
namespace detail {
namespace {

/// Waits without a thread for the decision on a call. Always shared, and owned by what it has put into the queue.
///
/// All of it happens on the queue's thread, so that one thread at a time uses the call. Other threads only tell it that
/// something may have come.
class DecisionWait : public std::enable_shared_from_this<DecisionWait> {
public:
    /// Gets what prevented it from looking, or null if nothing did. If something did, the call may be undecided.
    using Then = std::function<void(std::exception_ptr)>;

    /// `call` must live until `then` is called.
    DecisionWait(HeldCall& call, std::shared_ptr<TimerQueue> queue, std::stop_token stop, Then then);

    /// To be called once. Touches nothing of this object once the queue has it.
    void begin();

private:
    struct LookAgain {
        std::weak_ptr<DecisionWait> wait;
        void operator()() const noexcept;
    };

    void listen();
    void look();
    /// Looks again when the call can no longer be decided, or sooner if asked to.
    void set_timer();
    void look_soon() noexcept;
    void finish(std::exception_ptr failure);

    HeldCall& call_;
    const std::shared_ptr<TimerQueue> queue_;
    const std::stop_token stop_;
    Then then_;
    std::shared_ptr<DecisionWait> self_;  // set as long as it waits

    std::mutex mutex_;  // guards these two
    TimerQueue::Entry timer_;
    bool is_asked_ = false;  // to look again, since the last look

    std::optional<std::stop_callback<LookAgain>> stopped_;
};

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

}  // namespace
}  // namespace detail

PendingCall::PendingCall(std::unique_ptr<detail::HeldCall> call) noexcept : call_(std::move(call)) {}

PendingCall::PendingCall(PendingCall&&) noexcept = default;

PendingCall& PendingCall::operator=(PendingCall&&) noexcept = default;

PendingCall::~PendingCall() = default;

PendingCall PendingCall::refused(std::exception_ptr answer) {
    return PendingCall(std::make_unique<detail::HeldCall>(std::move(answer)));
}

const std::string& PendingCall::request_id() const noexcept {
    static const std::string none;
    return call_ ? call_->request_id() : none;
}

bool PendingCall::ready() const {
    return call().is_decided();
}

bool PendingCall::wait_until(std::chrono::steady_clock::time_point until, std::stop_token stop) {
    return call().wait_until(until, stop);
}

std::optional<Time> PendingCall::deadline() const {
    return call().deadline();
}

ApprovalStatus PendingCall::status() const {
    return call().status();
}

void PendingCall::on_decided(std::function<void()> listener) {
    call().on_decided(std::move(listener));
}

void PendingCall::when_decided(std::stop_token stop, std::function<void(std::exception_ptr)> then) const {
    detail::HeldCall& held = call();
    std::make_shared<detail::DecisionWait>(held, held.awaiting(), std::move(stop), std::move(then))->begin();
}

bool PendingCall::claim_ahead(const std::stop_token& stop) {
    return call().claim_ahead(stop);
}

Permit PendingCall::wait(std::stop_token stop) {
    return call().wait(stop);
}

void PendingCall::cancel() {
    call().cancel();
}

detail::HeldCall& PendingCall::call() const {
    if (!call_) throw MisuseError("this call was moved to another ticket; ask that one");
    return *call_;
}

namespace detail {

std::optional<std::size_t> wait_any(std::span<const PendingCall* const> calls, const std::stop_token& stop) {
    const auto bell = std::make_shared<WaitingCall>(Scrubber());
    const ::pid_t process = ::getpid();  // only once, since it asks the system
    const Clock* clock = nullptr;
    const auto end_of_first = [&] {
        Time end = Time::max();
        for (const PendingCall* const each : calls)
            end = std::min(end, each->call().end_of_time().value_or(end));
        return end;
    };
    for (const PendingCall* const each : calls) {
        HeldCall& held = each->call();
        held.ring_at(bell, process);
        if (held.clock() != nullptr) clock = held.clock();
    }
    while (!calls.empty()) {
        const Time now = clock != nullptr ? clock->now() : Time();
        const auto found = std::find_if(calls.begin(), calls.end(),
                                        [&](const PendingCall* each) { return each->call().is_decided_at(now); });
        if (found != calls.end()) return static_cast<std::size_t>(found - calls.begin());
        if (stop.stop_requested()) return std::nullopt;
        static_cast<void>(bell->wait(stop, std::chrono::steady_clock::now() + (end_of_first() - now)));
    }
    return std::nullopt;
}

}  // namespace detail
}  // namespace approvekit
