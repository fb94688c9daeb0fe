#include "approvekit/pending_call.hpp"

#include "agent/agent.hpp"

#include <utility>

namespace approvekit {

PendingCall::PendingCall(std::unique_ptr<detail::HeldCall> call) noexcept : call_(std::move(call)) {}

PendingCall::PendingCall(PendingCall&&) noexcept = default;

PendingCall::~PendingCall() = default;

const std::string& PendingCall::request_id() const noexcept {
    return call_->request_id();
}

bool PendingCall::ready() const {
    return call_->ready();
}

Permit PendingCall::wait(std::stop_token stop) {
    return call_->wait(stop);
}

void PendingCall::cancel() {
    call_->cancel();
}

}  // namespace approvekit
