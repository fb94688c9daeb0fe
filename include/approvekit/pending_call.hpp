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
/// Returns the index of the first of `calls` that needs no more waiting, or nothing when `stop` is requested first.
[[nodiscard]] std::optional<std::size_t> wait_any(std::span<const PendingCall* const> calls,
                                                  const std::stop_token& stop);
}  // namespace detail

/// A call that was submitted and can be waited for. Movable. Not thread-safe: use it from one thread at a time.
///
/// The destructor withdraws the request; a request with an idempotency key is left to the next agent that asks with the
/// key. After it was moved from, all functions but request_id() throw MisuseError; in a forked child they throw
/// StorageError (storage_forked) at once.
class PendingCall {
public:
    PendingCall(PendingCall&&) noexcept;
    /// Drops the call that this held before, as the destructor does.
    PendingCall& operator=(PendingCall&&) noexcept;
    ~PendingCall();

    /// Makes a call that was refused before it was submitted: each wait() throws `answer`.
    [[nodiscard]] static PendingCall refused(std::exception_ptr answer);

    /// Empty when the call never became a request, for instance since the policy allowed it at once, and when this was
    /// moved from.
    [[nodiscard]] const std::string& request_id() const noexcept;

    /// Whether wait() would return or throw without waiting. Reads the record if something may have happened to the
    /// request, or a stop may delay the call. Throws StorageError.
    [[nodiscard]] bool ready() const;

    /// Waits until the call is ready(), until `until`, or until `stop` is requested. Returns true if the call is ready,
    /// false otherwise. Throws StorageError.
    [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point until, std::stop_token stop = {});

    /// When the time to decide it ends. Nothing when it never became a request.
    [[nodiscard]] std::optional<Time> deadline() const;

    /// The status in the record now. Approved when the policy allowed the call at once, rejected when it was refused
    /// before it became a request. Throws StorageError.
    [[nodiscard]] ApprovalStatus status() const;

    /// Calls `listener` when an answer may have come: a decision, or the end of the request. Calls it at once if the
    /// answer has already come. The listener runs on the storage's thread, or on the thread that decides in this
    /// process. It must return quickly, since the storage ends nothing that is overdue until it does: only notify the
    /// thread that owns the ticket. It is not called for a deadline that passes unnoticed, and it may be called without
    /// a reason. An exception terminates the program. Replaces the previous listener.
    void on_decided(std::function<void()> listener);

    /// Calls `then` once, on a thread of the kit, when wait() would no longer have to wait or `stop` is requested. If
    /// looking that up fails, calls it with the exception. Use it only for a call that is still waiting; nobody else
    /// may use the call until then. `then` may destroy this object, and may be called before this function returns; an
    /// exception from it terminates the program. Replaces the listener of on_decided().
    void when_decided(std::stop_token stop, std::function<void(std::exception_ptr)> then) const;

    /// Claims the call if that needs no waiting. Returns true if wait() no longer has to wait: wait() then hands out
    /// the claimed permit, or says why there is none. Returns false while nobody has decided, and while a stop delays
    /// the call. In the record a claimed call has started, so call wait() at once. `stop` works as in wait(). Throws
    /// StorageError when the state cannot be read.
    [[nodiscard]] bool claim_ahead(const std::stop_token& stop);

    /// Waits for the decision and claims the call. When `stop` is requested, withdraws the request; a request with an
    /// idempotency key is left to the next agent that asks instead. Throws RefusedError when the call must not run, the
    /// same one on every call, and StorageError when the record fails. The permit is handed out once; later calls throw
    /// MisuseError.
    [[nodiscard]] Permit wait(std::stop_token stop = {});

    /// Withdraws the request. A decision that came first stands, but nothing will run.
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
