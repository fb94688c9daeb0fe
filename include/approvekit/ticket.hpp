#pragma once

#include "approvekit/detail/run.hpp"
#include "approvekit/pending_call.hpp"

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

namespace approvekit {

namespace detail {

/// A tool with its captured arguments, ready to run once.
template <typename Result>
class BoundCall {
public:
    virtual ~BoundCall() = default;
    virtual Result run() = 0;
};

template <typename Result, typename Work>
class BoundWork final : public BoundCall<Result> {
public:
    explicit BoundWork(Work work) : work_(std::move(work)) {}
    Result run() override { return work_(); }

private:
    Work work_;
};

}  // namespace detail

/// A guarded call that was submitted and is not awaited yet, so that one thread can have many of them pending.
///
/// Owns the captured arguments. Movable; one thread at a time. Dropping it withdraws the request.
template <typename Result>
class Ticket {
public:
    template <typename Work>
    Ticket(PendingCall pending, Work work)
        : pending_(std::move(pending)), call_(std::make_unique<detail::BoundWork<Result, Work>>(std::move(work))) {}

    /// Empty when the policy allowed the call at once.
    [[nodiscard]] const std::string& request_id() const noexcept { return pending_.request_id(); }

    /// Whether get() would not have to wait for a reviewer.
    [[nodiscard]] bool ready() const { return pending_.ready(); }

    /// Waits for the decision, runs the tool on this thread and returns its result. May be called once.
    /// Throws RefusedError, StorageError, and what the tool throws.
    Result get(std::stop_token stop = {}) {
        return detail::run_under(pending_.wait(std::move(stop)), [this]() -> Result { return call_->run(); });
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

}  // namespace approvekit
