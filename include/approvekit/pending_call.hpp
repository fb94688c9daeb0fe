#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/permit.hpp"
#include "approvekit/request.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace approvekit {

class PendingCall;

namespace detail {
/// The first of `calls` that does not have to be waited for; nothing when `stop` is asked for before.
[[nodiscard]] std::optional<std::size_t> wait_any(std::span<const PendingCall* const> calls,
                                                  const std::stop_token& stop);
}  // namespace detail

/// A call that was submitted and may be waited for. Movable; one thread at a time.
///
/// Dropping it withdraws the request, or leaves one with an idempotency key to whoever asks next. One that was moved
/// from throws MisuseError, and in a forked child each throws StorageError (storage_forked) at once.
class PendingCall {
public:
    PendingCall(PendingCall&&) noexcept;
    /// Drops the one that this had.
    PendingCall& operator=(PendingCall&&) noexcept;
    ~PendingCall();

    /// One that was refused before it was asked for: each wait() throws `answer`.
    [[nodiscard]] static PendingCall refused(std::exception_ptr answer);

    /// Empty when the policy allowed the call at once, and when this was moved from.
    [[nodiscard]] const std::string& request_id() const noexcept;

    /// Whether wait() would return or throw without waiting. Reads the record where something may have happened to the
    /// request, and a stop could hold the call up. Throws StorageError.
    [[nodiscard]] bool ready() const;

    /// Waits until wait() would not have to any more, until `until`, or until `stop` is asked for; returns which of the
    /// first two it was. Throws StorageError.
    [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point until, std::stop_token stop = {});

    /// Until when it can be decided; nothing when it never became a request.
    [[nodiscard]] std::optional<Time> deadline() const;

    /// As the record has it now: approved when the policy allowed it at once, rejected when it never became a request.
    /// Throws StorageError.
    [[nodiscard]] ApprovalStatus status() const;

    /// Has `listener` called when an answer may have come, be it a decision or the end of the request; at once when it
    /// has. It runs on the storage's thread, or on that of whoever decides in this process, and must return soon, since
    /// nothing that is overdue ends before it does: leave a note for the thread that has the ticket. It is not called for
    /// a deadline that passes unnoticed, and may be called for nothing. An exception ends the program. Replaces the one
    /// before.
    void on_decided(std::function<void()> listener);

    /// Has `then` called, once, on a thread of the kit's own, when wait() would not have to wait any more or `stop` is
    /// asked for; or, with the exception, when that could not be looked up. Only for a call that waits now; nobody else
    /// may use it until then. `then` may let go of this, and may be called before this function returns; an exception
    /// ends the program. Replaces what on_decided() was given.
    void when_decided(std::stop_token stop, std::function<void(std::exception_ptr)> then) const;

    /// Claims the call where that takes no waiting, and returns whether wait() does not have to any more: it hands out
    /// what was claimed, or says why not. False as long as nobody has decided, and while a stop holds the call up. What was
    /// claimed has started as the record has it, so call wait() at once. `stop` as there. Throws StorageError where it
    /// cannot be told.
    [[nodiscard]] bool claim_ahead(const std::stop_token& stop);

    /// Waits for the decision and claims it. When `stop` is asked for, withdraws the request; one with an idempotency
    /// key is left to whoever asks next instead. Throws RefusedError when the call must not run, the same one whenever
    /// it is asked again, and StorageError when the record fails. The permit is handed out once; whoever asks after
    /// that gets a MisuseError.
    [[nodiscard]] Permit wait(std::stop_token stop = {});

    /// Withdraws the request; a decision that was faster stands, but nothing will run.
    void cancel();

private:
    friend class detail::Agent;
    friend std::optional<std::size_t> detail::wait_any(std::span<const PendingCall* const> calls,
                                                       const std::stop_token& stop);
    explicit PendingCall(std::unique_ptr<detail::HeldCall> call) noexcept;

    [[nodiscard]] detail::HeldCall& call() const;

    std::unique_ptr<detail::HeldCall> call_;
};

}  // namespace approvekit
