#include "approvekit/pending_call.hpp"

#include "agent/held_call.hpp"

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
    return call().ready();
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
    auto until = std::chrono::steady_clock::time_point::max();
    for (const PendingCall* const each : calls)
        until = std::min(until, each->call().ring_at(bell));
    while (!calls.empty()) {
        for (std::size_t index = 0; index < calls.size(); ++index) {
            if (calls[index]->call().is_decided()) return index;
        }
        if (stop.stop_requested()) return std::nullopt;
        static_cast<void>(bell->wait(stop, until));
    }
    return std::nullopt;
}

}  // namespace detail
}  // namespace approvekit
