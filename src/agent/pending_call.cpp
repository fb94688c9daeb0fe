#include "approvekit/pending_call.hpp"

#include "agent/decision_wait.hpp"
#include "agent/held_call.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace approvekit {

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
    const ::pid_t process = ::getpid();  // once, for it asks the system
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
