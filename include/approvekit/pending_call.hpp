#pragma once

#include "approvekit/permit.hpp"

#include <memory>
#include <stop_token>
#include <string>

namespace approvekit {

/// A call that was submitted and may be waited for. Movable; one thread at a time.
///
/// Dropping it withdraws the request.
class PendingCall {
public:
    PendingCall(PendingCall&&) noexcept;
    PendingCall& operator=(PendingCall&&) = delete;
    ~PendingCall();

    /// Empty when the policy allowed the call at once.
    [[nodiscard]] const std::string& request_id() const noexcept;

    /// Whether wait() would return or throw without waiting.
    [[nodiscard]] bool ready() const;

    /// Waits for the decision and claims it. May be called once.
    /// Throws RefusedError when the call must not run and StorageError when the record fails.
    [[nodiscard]] Permit wait(std::stop_token stop = {});

    /// Withdraws the request; a decision that was faster stands, but nothing will run.
    void cancel();

private:
    friend class detail::Agent;
    explicit PendingCall(std::unique_ptr<detail::HeldCall> call) noexcept;

    std::unique_ptr<detail::HeldCall> call_;
};

}  // namespace approvekit
