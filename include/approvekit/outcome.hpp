#pragma once

#include "approvekit/error.hpp"

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit {

/// Why a guarded call did not run; or, where `ran` says so, why it ran and has no result.
struct Refusal {
    ErrorCode code = ErrorCode::rejected;  ///< rejected, timeout, cancelled, denied, invalid_arguments, altered, ...
    std::string message;                   ///< one sentence for a person
    std::string tool_name;
    std::string request_id;  ///< empty when the call never became a request
    std::string reviewer;    ///< empty when no person refused it
    std::string notes;       ///< the reviewer's words
    bool ran = false;        ///< the tool ran and failed (code tool_failed), for a call within it was refused

    /// Text to hand back to a language model as the tool's result: whether it ran, what happened, the reviewer's words,
    /// and that repeating the same call will not help.
    [[nodiscard]] std::string text_for_model() const;
};

/// Describes a refusal that was thrown.
[[nodiscard]] Refusal describe(const RefusedError& error);
/// Describes what a tool ran into when it made a call of its own.
[[nodiscard]] Refusal describe(const ToolFailedError& error);

/// What an attempted call came to: the tool's result, or why there is none.
///
/// There is none when the call was refused, or when its tool made a guarded call of its own that came to nothing.
/// All other exceptions of the tool and failures of the storage are thrown, never put in here.
template <typename Result>
class Outcome {
    using Referred =
        std::reference_wrapper<std::remove_reference_t<std::conditional_t<std::is_void_v<Result>, int, Result>>>;
    using Value = std::conditional_t<std::is_void_v<Result>, std::monostate,
                                     std::conditional_t<std::is_reference_v<Result>, Referred, Result>>;

public:
    Outcome(Value value) : state_(std::in_place_index<0>, std::move(value)) {}
    Outcome(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

    /// Whether the tool ran, be it to its end or not.
    [[nodiscard]] bool ran() const noexcept { return state_.index() == 0 || std::get<1>(state_).ran; }
    /// Whether there is a result.
    explicit operator bool() const noexcept { return state_.index() == 0; }

    /// The tool's result. Only when there is one; otherwise std::bad_variant_access.
    [[nodiscard]] Value& value() & { return std::get<0>(state_); }
    [[nodiscard]] const Value& value() const& { return std::get<0>(state_); }
    [[nodiscard]] Value&& value() && { return std::get<0>(std::move(state_)); }

    /// Only when there is no result; otherwise std::bad_variant_access.
    [[nodiscard]] const Refusal& refusal() const { return std::get<1>(state_); }

private:
    std::variant<Value, Refusal> state_;
};

}  // namespace approvekit
