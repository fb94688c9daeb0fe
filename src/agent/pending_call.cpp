#include "approvekit/pending_call.hpp"

#include "agent/agent.hpp"

#include <utility>

namespace approvekit {

PendingCall::PendingCall(std::unique_ptr<detail::HeldCall> call) noexcept : call_(std::move(call)) {}

PendingCall::PendingCall(PendingCall&&) noexcept = default;

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

}  // namespace approvekit
