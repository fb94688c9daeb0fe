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

/// A guarded call that was submitted and is not awaited yet, so that one thread can have many of them pending.
///
/// Owns the captured arguments. Movable; one thread at a time. Dropping it withdraws the request, or leaves one with an
/// idempotency key to whoever asks next; where the policy allowed the call already, the record then says that it was
/// not started, and what was started and still goes on is asked to stop. All but request_id() throw MisuseError when it
/// was moved from, and StorageError (storage_forked) in a forked child.
template <typename Result>
class Ticket {
public:
    /// `captured` has arguments() and run().
    template <typename Captured>
    Ticket(PendingCall pending, Captured captured)
        : pending_(std::move(pending)), call_(detail::bind<Result>(std::move(captured))) {}

    /// A call that was refused before it was asked for.
    explicit Ticket(PendingCall refused) : pending_(std::move(refused)) {}

    /// Empty when the policy allowed the call at once, and when this was moved from.
    [[nodiscard]] const std::string& request_id() const noexcept { return pending_.request_id(); }

    /// Whether get() would not have to wait for a reviewer, nor for the end of a stop. Throws StorageError.
    [[nodiscard]] bool ready() const { return pending_.ready(); }

    /// Waits until get() would not have to any more; false when that took longer, or `stop` was asked for. Runs nothing.
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

    /// Until when it can be decided; nothing when it never became a request.
    [[nodiscard]] std::optional<Time> deadline() const { return pending_.deadline(); }

    /// As the record has it now; see PendingCall.
    [[nodiscard]] ApprovalStatus status() const { return pending_.status(); }

    /// Has `listener` called, on another thread, when an answer may have come; see PendingCall.
    void on_decided(std::function<void()> listener) { pending_.on_decided(std::move(listener)); }

    /// The call behind it, for wait_any().
    [[nodiscard]] const PendingCall& pending() const noexcept { return pending_; }

    /// Waits for the decision, runs the tool on this thread and returns its result, once its work has ended. `stop`
    /// ends the waiting for the decision as PendingCall::wait() says; a tool that takes a std::stop_token is asked to
    /// stop by it after that, and has to end all the same before this returns. Throws RefusedError, the same one
    /// whenever it is asked again; StorageError; what the tool throws; OutcomeUnknownError and RunStoppedError; and
    /// MisuseError when its result was asked for before.
    ///
    /// What a reviewer answered instead of letting it run is returned, as often as it is asked, where it has the tool's
    /// type; else it is an AnsweredError, which is a RefusedError.
    Result get(std::stop_token stop = {}) {
        return detail::or_answer<Result>([&]() -> Result { return run(stop); });
    }

    /// The same, with a refusal as a value.
    [[nodiscard]] Outcome<Result> attempt(std::stop_token stop = {}) {
        return detail::attempt<Result>([&]() -> Result { return run(stop); }).with(edit_);
    }

    /// What a reviewer changed of the arguments, once the call was started; nothing where nobody changed any.
    [[nodiscard]] const std::optional<CallEdit>& edit() const noexcept { return edit_; }

    /// Starts the tool on this thread where the call is decided by now, and returns whether it was started; false as long
    /// as nobody has decided, and while a stop holds the call up. A tool that takes a Completion goes on when this returns; any other one has ended then.
    /// get() has the result. `stop` as there. A call that a reviewer answered, where the answer has the tool's type, is as
    /// one that was started and has ended.
    /// Throws RefusedError, StorageError and MisuseError as get() does; what the tool throws is for get().
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

    /// Whether what start() started has ended, so that get() has the result at once.
    [[nodiscard]] bool finished() const {
        require_own_process();
        return is_answered_ || (is_started() && call_->has_ended());
    }

    /// Has `listener` called when that has ended: on the thread that ends it, on one of the kit's own when the
    /// run_timeout makes it end, or here and now where it has. It must return soon; an exception ends the program. It
    /// outlives the ticket. Replaces the one before; an empty one is none. Throws MisuseError when nothing was started.
    void on_finished(std::function<void()> listener) {
        require_own_process();
        if (is_answered_) return listener ? listener() : void();
        if (!is_started()) throw MisuseError("this call was not started, or its result was taken");
        if (!call_->on_ended(listener) && listener) listener();
    }

    /// Withdraws the request; nothing will run. Asks a tool that goes on to stop, if it takes a std::stop_token.
    void cancel() {
        pending_.cancel();
        if (call_) call_->cancel();
    }

    /// `co_await ticket` is get() for a coroutine, of whatever kind: it goes on when there is a result, and no thread
    /// waits meanwhile. `co_await ticket.awaited(stop)` does what get(stop) does.
    ///
    /// Without a wait it goes on at once, where it is. After a wait for the decision, the tool is started on a thread
    /// of the kit's own. A tool that takes a Completion only begins there, and the coroutine goes on on the thread that
    /// completes it, within that call. In all other cases, and when the run_timeout makes the work end, it goes on on
    /// the kit's thread; a tool without a Completion runs there to its end, and holds up other coroutines of the kit,
    /// so rather wait for that with get(). What leaves the coroutine's unhandled_exception() ends the program then.
    ///
    /// The ticket must stay where it is, and nobody else may touch it, or destroy the coroutine, while it is awaited.
    /// Replaces what on_decided() and on_finished() were given.
    [[nodiscard]] auto awaited(std::stop_token stop = {}) {
        return detail::TicketAwaiter<Ticket>(*this, std::move(stop));
    }

private:
    /// As get(), but that an answer is thrown.
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

    /// Starts a claimed call whose work ends later; true when `listener` will be called then.
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

/// Waits for whichever of `tickets`, of kits with one clock, is decided first and returns its place; nothing when
/// `stop` is asked for before, or there are none. Those that were asked for their result count as decided, so take them
/// out. Throws StorageError.
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
