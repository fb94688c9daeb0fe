#pragma once

#include "approvekit/detail/run.hpp"
#include "approvekit/detail/running_call.hpp"
#include "approvekit/json.hpp"

#include <exception>
#include <future>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit::detail {

/// A run that ends with a Result, and keeps what its caller will get.
template <typename Result>
class CompletionState : public RunningCall {
public:
    using RunningCall::RunningCall;
    using Value = std::conditional_t<std::is_void_v<Result>, std::monostate, Result>;

    /// False when somebody else answered first.
    bool complete(Value result) {
        if (!claim_end()) return false;
        const std::optional<Json> json = records_results() ? recorded_or_none(result) : std::nullopt;
        const std::exception_ptr instead = record_executed(json ? &*json : nullptr);
        if (instead) {
            keep_error(instead);
        } else {
            keep_or_fail(std::move(result));
        }
        tell_end();
        return true;
    }

protected:
    virtual void keep_result(Value result) = 0;
    /// What the record keeps of the result; nothing if the conversion throws.
    [[nodiscard]] virtual std::optional<Json> recorded_of(const Value& result) const {
        if constexpr (std::is_void_v<Result>) {
            return std::nullopt;
        } else {
            return detail::recorded(result);
        }
    }

private:
    std::optional<Json> recorded_or_none(const Value& result) const noexcept {
        try {
            return recorded_of(result);
        } catch (...) {
            return std::nullopt;  // the work has still ended
        }
    }

    void keep_or_fail(Value result) noexcept {
        try {
            keep_result(std::move(result));
        } catch (...) {
            keep_error(std::current_exception());
        }
    }
};

/// For a caller that gets the result unchanged.
template <typename Result>
class RunOf final : public CompletionState<Result> {
public:
    using CompletionState<Result>::CompletionState;
    using Value = typename CompletionState<Result>::Value;

    /// Call it once, after the run has ended. Throws the exception that the run ended with.
    Result take() { return promise_.get_future().get(); }

private:
    void keep_result(Value result) override {
        if constexpr (std::is_void_v<Result>) {
            promise_.set_value();
        } else {
            promise_.set_value(std::move(result));
        }
    }
    void keep_error(std::exception_ptr error) noexcept override { promise_.set_exception(std::move(error)); }

    std::promise<Result> promise_;
};

}  // namespace approvekit::detail
