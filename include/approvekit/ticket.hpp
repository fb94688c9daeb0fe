#pragma once

#include "approvekit/detail/bound_call.hpp"
#include "approvekit/detail/run.hpp"
#include "approvekit/detail/ticket_awaiter.hpp"
#include "approvekit/json.hpp"
#include "approvekit/pending_call.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace approvekit {

/// A guarded call that was submitted and can be waited for later, so that one thread can have many calls pending.
///
/// Owns the captured arguments. Movable. Not thread-safe: use it from one thread at a time.
///
/// The destructor withdraws the request; a request with an idempotency key is left to the next agent that asks. If the
/// policy has already allowed the call, the record says that it was not started. If the tool was started and is still
/// running, it is asked to stop. All functions but request_id() throw MisuseError after it was moved from, and
/// StorageError (storage_forked) in a forked child.
template <typename Result>
class Ticket {
public:
    /// `captured` must have arguments() and run().
    template <typename Captured>
    Ticket(PendingCall pending, Captured captured)
        : pending_(std::move(pending)), call_(detail::bind<Result>(std::move(captured))) {}

    /// A call that was refused before it was submitted.
    explicit Ticket(PendingCall refused) : pending_(std::move(refused)) {}

    /// Empty when the call never became a request, for instance since the policy allowed it at once, and when this was
    /// moved from.
    [[nodiscard]] const std::string& request_id() const noexcept { return pending_.request_id(); }

    /// Whether get() needs to wait neither for a reviewer nor for the end of a stop. Throws StorageError.
    [[nodiscard]] bool ready() const { return pending_.ready(); }

    /// Waits until the ticket is ready(). Returns false when that takes longer, or `stop` is requested. Runs nothing.
    template <typename Rep, typename Period>
    [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> time, std::stop_token stop = {}) {
        return wait_until(std::chrono::steady_clock::now() + time, std::move(stop));
    }
    template <typename Duration>
    [[nodiscard]] bool wait_until(std::chrono::time_point<std::chrono::steady_clock, Duration> until,
                                  std::stop_token stop = {}) {
        return pending_.wait_until(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(until),
                                   std::move(stop));
    }

    /// When the time to decide it ends. Nothing when it never became a request.
    [[nodiscard]] std::optional<Time> deadline() const { return pending_.deadline(); }

    /// The status in the record now; see PendingCall.
    [[nodiscard]] ApprovalStatus status() const { return pending_.status(); }

    /// Calls `listener`, on another thread, when an answer may have come; see PendingCall.
    void on_decided(std::function<void()> listener) { pending_.on_decided(std::move(listener)); }

    /// The call behind it, for wait_any().
    [[nodiscard]] const PendingCall& pending() const noexcept { return pending_; }

    /// Waits for the decision, runs the tool on this thread and returns its result once its work has ended. `stop` ends
    /// the wait for the decision as in PendingCall::wait(). After that, it is passed on to a tool that takes a
    /// std::stop_token; get() still returns only when the tool has ended. Throws RefusedError, the same one on every
    /// call; StorageError; what the tool throws; OutcomeUnknownError and RunStoppedError; and MisuseError when the
    /// result was already taken.
    ///
    /// If a reviewer answered instead of letting the call run, returns the answer, on every call, if it has the tool's
    /// type. Otherwise throws AnsweredError, which is a RefusedError.
    Result get(std::stop_token stop = {}) {
        return detail::or_answer<Result>([&]() -> Result { return run(stop); });
    }

    /// The same, but returns a refusal as a value.
    [[nodiscard]] Outcome<Result> attempt(std::stop_token stop = {}) {
        return detail::attempt<Result>([&]() -> Result { return run(stop); }).with(edit_);
    }

    /// What a reviewer changed in the arguments, once the call was started. Nothing when nothing was changed.
    [[nodiscard]] const std::optional<CallEdit>& edit() const noexcept { return edit_; }

    /// Starts the tool on this thread if the call is decided. Returns whether it was started: false while nobody has
    /// decided, and while a stop delays the call. A tool that takes a Completion may still be working when this
    /// returns; any other tool has ended. get() returns the result. `stop` works as in get(). If a reviewer answered
    /// the call and the answer has the tool's type, the call counts as started and ended. Throws RefusedError,
    /// StorageError and MisuseError as get() does; an exception of the tool is thrown by get().
    bool start(const std::stop_token& stop = {}) {
        require_own_process();
        if (is_started() || is_answered_) return true;
        if (!pending_.claim_ahead(stop)) return false;
        try {
            Permit permit = take_permit(stop);
            call_->start(std::move(permit), stop);
        } catch (const AnsweredError& error) {
            if (!detail::takes_answer<Result>(error)) throw;
            is_answered_ = true;
        }
        return true;
    }

    /// Whether the tool that start() started has ended, so that get() returns without waiting.
    [[nodiscard]] bool finished() const {
        require_own_process();
        return is_answered_ || (is_started() && call_->has_ended());
    }

    /// Calls `listener` when the started tool has ended: on the thread that ends it, or on a thread of the kit if the
    /// run_timeout ends it, or immediately if it has already ended. The listener must return quickly; an exception
    /// terminates the program. It may be called after the ticket is destroyed. Replaces the previous listener; an empty
    /// function removes it. Throws MisuseError when nothing was started.
    void on_finished(std::function<void()> listener) {
        require_own_process();
        if (is_answered_) return listener ? listener() : void();
        if (!is_started()) throw MisuseError("this call was not started, or its result was taken");
        if (!call_->on_ended(listener) && listener) listener();
    }

    /// Withdraws the request; nothing will run. A tool that is still running is asked to stop if it takes a
    /// std::stop_token.
    void cancel() {
        pending_.cancel();
        if (call_) call_->cancel();
    }

    /// `co_await ticket` is get() for any kind of coroutine: it resumes when there is a result, and no thread waits
    /// meanwhile. `co_await ticket.awaited(stop)` does the same as get(stop).
    ///
    /// If there is nothing to wait for, the coroutine continues at once on the same thread. After waiting for the
    /// decision, the tool is started on a thread of the kit. If the tool takes a Completion, it only begins there; the
    /// coroutine resumes on the thread that completes it, inside that call. In all other cases, and when the
    /// run_timeout ends the work, the coroutine resumes on the kit's thread. A tool without a Completion runs there to
    /// its end and delays other coroutines of the kit, so use get() for a slow one. An exception that leaves the
    /// coroutine's unhandled_exception() then terminates the program.
    ///
    /// While it is awaited, do not move the ticket, do not use it otherwise, and do not destroy the coroutine. Replaces
    /// the listeners of on_decided() and on_finished().
    [[nodiscard]] auto awaited(std::stop_token stop = {}) {
        return detail::TicketAwaiter<Ticket>(*this, std::move(stop));
    }

private:
    /// Like get(), but throws a reviewer's answer.
    Result run(const std::stop_token& stop) {
        require_own_process();
        if (is_started()) return call_->take(stop);
        Permit permit = take_permit(stop);
        return call_->run(std::move(permit), stop);
    }
    [[nodiscard]] Permit take_permit(const std::stop_token& stop) {
        Permit permit = pending_.wait(stop);
        edit_ = permit.edit();
        return permit;
    }
    [[nodiscard]] bool is_started() const noexcept { return call_ && call_->is_started(); }
    [[nodiscard]] bool claim_ahead(const std::stop_token& stop) { return pending_.claim_ahead(stop); }
    void require_own_process() const { static_cast<void>(pending_.deadline()); }

    /// Starts a claimed call whose work ends later. Returns true if `listener` will be called at that end.
    bool start_later(const std::stop_token& stop, std::function<void()> listener) {
        if (!call_ || !(is_started() || call_->ends_later())) return false;
        if (is_started()) {
            call_->follow(stop);
        } else {
            try {
                Permit permit = take_permit(stop);
                call_->start(std::move(permit), stop);
            } catch (const AnsweredError&) {
                return false;  // which get() says
            }
        }
        return call_->on_ended(std::move(listener));
    }

    PendingCall pending_;
    std::unique_ptr<detail::BoundCall<Result>> call_;
    std::optional<CallEdit> edit_;
    bool is_answered_ = false;  // and start() said that it has ended

    template <typename AnyTicket>
    friend class detail::TicketAwaiter;
};

#ifdef __cpp_impl_coroutine
template <typename Result>
[[nodiscard]] auto operator co_await(Ticket<Result>& ticket) {
    return ticket.awaited();
}
template <typename Result>
[[nodiscard]] auto operator co_await(Ticket<Result>&& ticket) {
    return ticket.awaited();
}
#endif

/// Waits until one of `tickets` is decided and returns its index. Returns nothing when `stop` is requested first, or
/// there are no tickets. The tickets' kits must share one clock. A ticket whose result was taken counts as decided, so
/// remove it. Throws StorageError.
template <std::ranges::input_range Tickets>
requires requires(const std::ranges::range_value_t<Tickets>& ticket) {
    { ticket.pending() } -> std::same_as<const PendingCall&>;
}
[[nodiscard]] std::optional<std::size_t> wait_any(const Tickets& tickets, const std::stop_token& stop = {}) {
    std::vector<const PendingCall*> calls;
    for (const auto& ticket : tickets)
        calls.push_back(&ticket.pending());
    return detail::wait_any(calls, stop);
}

}  // namespace approvekit
