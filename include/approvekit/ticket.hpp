#pragma once

#include "approvekit/detail/run.hpp"
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

namespace detail {

/// A tool with its captured arguments, ready to run once.
template <typename Result>
class BoundCall {
public:
    virtual ~BoundCall() = default;
    /// The captured arguments as they are now.
    [[nodiscard]] virtual Json arguments() const = 0;
    virtual Result run() = 0;
};

template <typename Result, typename Captured>
class BoundTool final : public BoundCall<Result> {
public:
    explicit BoundTool(Captured captured) : captured_(std::move(captured)) {}
    [[nodiscard]] Json arguments() const override { return captured_.arguments(); }
    Result run() override { return captured_.run(); }

private:
    Captured captured_;
};

}  // namespace detail

/// A guarded call that was submitted and is not awaited yet, so that one thread can have many of them pending.
///
/// Owns the captured arguments. Movable; one thread at a time. Dropping it withdraws the request; where the policy
/// allowed the call already, the record then says that it was not started. All but request_id() throw MisuseError when
/// it was moved from, and StorageError (storage_forked) in a forked child.
template <typename Result>
class Ticket {
public:
    /// `captured` has arguments() and run().
    template <typename Captured>
    Ticket(PendingCall pending, Captured captured)
        : pending_(std::move(pending)),
          call_(std::make_unique<detail::BoundTool<Result, Captured>>(std::move(captured))) {}

    /// A call that was refused before it was asked for.
    explicit Ticket(PendingCall refused) : pending_(std::move(refused)) {}

    /// Empty when the policy allowed the call at once, and when this was moved from.
    [[nodiscard]] const std::string& request_id() const noexcept { return pending_.request_id(); }

    /// Whether get() would not have to wait for a reviewer.
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

    /// Waits for the decision, runs the tool on this thread and returns its result. For `stop` see PendingCall::wait().
    /// Throws RefusedError, the same one whenever it is asked again; StorageError; what the tool throws; and MisuseError
    /// when it was asked before and the tool was handed over then.
    Result get(std::stop_token stop = {}) {
        return detail::run_under(
            pending_.wait(std::move(stop)), [this] { return call_->arguments(); },
            [this]() -> Result { return call_->run(); });
    }

    /// The same, with a refusal as a value.
    [[nodiscard]] Outcome<Result> attempt(std::stop_token stop = {}) {
        return detail::attempt<Result>([&]() -> Result { return get(std::move(stop)); });
    }

    /// Withdraws the request; nothing will run.
    void cancel() { pending_.cancel(); }

private:
    PendingCall pending_;
    std::unique_ptr<detail::BoundCall<Result>> call_;
};

/// Waits for whichever of `tickets`, of kits with one clock, is decided first and returns its place; nothing when `stop` is asked for before, or
/// there are none. Those that were asked for their result count as decided, so take them out. Throws StorageError.
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
