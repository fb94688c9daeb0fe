#pragma once

#include "approvekit/error.hpp"

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit {

/// Why a guarded call did not run.
struct Refusal {
    ErrorCode code = ErrorCode::rejected;  ///< rejected, timeout, cancelled, denied, invalid_arguments, altered, ...
    std::string message;                   ///< one sentence for a person
    std::string tool_name;
    std::string request_id;  ///< empty when the call never became a request
    std::string reviewer;    ///< empty when no person refused it
    std::string notes;       ///< the reviewer's words

    /// Text to hand back to a language model as the tool's result: what happened, the reviewer's words, and that
    /// repeating the same call will not help.
    [[nodiscard]] std::string text_for_model() const;
};

/// Describes a refusal that was thrown.
[[nodiscard]] Refusal describe(const RefusedError& error);

/// What an attempted call came to: the tool's result, or why it was refused.
///
/// Exceptions of the tool itself and failures of the storage are thrown, never put in here.
template <typename Result>
class Outcome {
    using Referred =
        std::reference_wrapper<std::remove_reference_t<std::conditional_t<std::is_void_v<Result>, int, Result>>>;
    using Value = std::conditional_t<std::is_void_v<Result>, std::monostate,
                                     std::conditional_t<std::is_reference_v<Result>, Referred, Result>>;

public:
    Outcome(Value value) : state_(std::in_place_index<0>, std::move(value)) {}
    Outcome(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

    /// Whether the tool ran.
    [[nodiscard]] bool ran() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ran(); }

    /// The tool's result. Only when it ran; otherwise std::bad_variant_access.
    [[nodiscard]] Value& value() & { return std::get<0>(state_); }
    [[nodiscard]] const Value& value() const& { return std::get<0>(state_); }
    [[nodiscard]] Value&& value() && { return std::get<0>(std::move(state_)); }

    /// Only when it did not run; otherwise std::bad_variant_access.
    [[nodiscard]] const Refusal& refusal() const { return std::get<1>(state_); }

private:
    std::variant<Value, Refusal> state_;
};

}  // namespace approvekit
