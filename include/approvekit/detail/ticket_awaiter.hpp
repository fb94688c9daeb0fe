#pragma once

#include "approvekit/detail/bound_call.hpp"
#include "approvekit/pending_call.hpp"

#include <exception>
#include <stop_token>
#include <utility>
#include <version>

#ifdef __cpp_impl_coroutine
#include <coroutine>
#endif

namespace approvekit::detail {

template <typename AnyTicket>
class TicketAwaiter;

#ifdef __cpp_impl_coroutine

/// Resumes a coroutine when a ticket has a result. Holds a reference to the ticket; for one coroutine.
template <typename AnyTicket>
class TicketAwaiter {
public:
    TicketAwaiter(AnyTicket& ticket, std::stop_token stop) : ticket_(ticket), stop_(std::move(stop)) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }

    /// False when there is nothing to wait for. Accesses nothing once the coroutine may have been resumed. It is not
    /// inlined, since clang before 17 would then keep its variables in the coroutine.
    [[gnu::noinline]] bool await_suspend(std::coroutine_handle<> coroutine) { return go_on(coroutine); }

    decltype(auto) await_resume() {
        if (failure_) std::rethrow_exception(failure_);
        return ticket_.get(stop_);
    }

private:
    /// Whether `coroutine` is resumed later: when the call may be decided, or by the thread that ends the work. Tools
    /// without a Completion run when it resumes. A decided call is claimed before that, since a stop may be in force,
    /// and no thread may wait for its end.
    bool go_on(std::coroutine_handle<> coroutine) {
        try {
            if (!stop_.stop_requested() && !ticket_.claim_ahead(stop_)) {
                wait(coroutine);
                return true;
            }
            return ticket_.start_later(stop_, [coroutine] { coroutine.resume(); });
        } catch (...) {
            failure_ = std::current_exception();
            return false;
        }
    }

    void wait(std::coroutine_handle<> coroutine) {
        ticket_.pending().when_decided(stop_, [this, coroutine](std::exception_ptr failure) {
            failure_ = std::move(failure);
            if (failure_ || !go_on(coroutine)) coroutine.resume();
        });
    }

    AnyTicket& ticket_;
    std::stop_token stop_;
    std::exception_ptr failure_;
};

#endif

}  // namespace approvekit::detail
