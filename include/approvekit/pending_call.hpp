#pragma once

#include "approvekit/permit.hpp"

#include <exception>
#include <memory>
#include <stop_token>
#include <string>

namespace approvekit {

/// A call that was submitted and may be waited for. Movable; one thread at a time.
///
/// Dropping it withdraws the request. One that was moved from throws MisuseError, and in a forked child each throws
/// StorageError (storage_forked) at once.
class PendingCall {
public:
    PendingCall(PendingCall&&) noexcept;
    PendingCall& operator=(PendingCall&&) = delete;
    ~PendingCall();

    /// One that was refused before it was asked for: each wait() throws `answer`.
    [[nodiscard]] static PendingCall refused(std::exception_ptr answer);

    /// Empty when the policy allowed the call at once, and when this was moved from.
    [[nodiscard]] const std::string& request_id() const noexcept;

    /// Whether wait() would return or throw without waiting.
    [[nodiscard]] bool ready() const;

    /// Waits for the decision and claims it.
    /// Throws RefusedError when the call must not run, the same one whenever it is asked again, and StorageError when
    /// the record fails. The permit is handed out once; whoever asks after that gets a MisuseError.
    [[nodiscard]] Permit wait(std::stop_token stop = {});

    /// Withdraws the request; a decision that was faster stands, but nothing will run.
    void cancel();

private:
    friend class detail::Agent;
    explicit PendingCall(std::unique_ptr<detail::HeldCall> call) noexcept;

    [[nodiscard]] detail::HeldCall& call() const;

    std::unique_ptr<detail::HeldCall> call_;
};

}  // namespace approvekit
