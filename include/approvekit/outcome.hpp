#pragma once

#include "approvekit/call_answer.hpp"
#include "approvekit/call_edit.hpp"
#include "approvekit/error.hpp"
#include "approvekit/json.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit {

/// Why a guarded call did not run; or, if `ran` is true, why it ran and has no result.
struct Refusal {
    ErrorCode code = ErrorCode::rejected;  ///< rejected, timeout, cancelled, denied, invalid_arguments, altered, ...
    std::string message;                   ///< one sentence for a person
    std::string tool_name;
    std::string request_id;  ///< empty when the call never became a request
    std::string reviewer;    ///< empty when no person refused it
    std::string notes;       ///< the reviewer's words
    /// The tool ran. It failed because a call that it made itself was refused (code tool_failed), or it was asked to
    /// stop (cancelled_while_running, timed_out_while_running). With Tools also: it threw (tool_failed), or could not
    /// tell whether it had its effect (outcome_unknown).
    bool ran = false;
    /// With code already_ran: the earlier run completed by itself.
    bool ran_to_end = false;

    /// Text for a language model, to be used as the tool's result: whether the call ran, what happened, the reviewer's
    /// words, and what to do next. It depends on the code whether it says not to repeat the call.
    [[nodiscard]] std::string text_for_model() const;
};

/// Describes a refusal that was thrown.
[[nodiscard]] Refusal describe(const RefusedError& error);
/// Describes the failure of a tool whose own guarded call was refused or failed.
[[nodiscard]] Refusal describe(const ToolFailedError& error);
/// Describes that a tool was asked to stop while it ran.
[[nodiscard]] Refusal describe(const RunStoppedError& error);
/// Describes a reviewer's answer that does not have the type of the tool's result.
[[nodiscard]] Refusal describe(const AnsweredError& error);

/// A tool's result as text for a language model: a string as it is, "Done." for null, everything else as JSON.
[[nodiscard]] std::string text_for_model(const Json& result);

namespace detail {

template <typename Result>
using Shown = std::add_lvalue_reference_t<const std::remove_reference_t<Result>>;

}  // namespace detail

/// The outcome of an attempted call: the tool's result, or why there is none. If a reviewer answered the call instead
/// of letting it run, and the answer has the tool's type, the result is the answer; answer() returns it too, and ran()
/// is false.
///
/// There is no result when the call was refused, when its tool made a guarded call of its own that was refused or
/// failed, or when the tool was asked to stop while it ran. All other exceptions of the tool and storage failures are
/// thrown, never stored here.
template <typename Result>
class Outcome {
    using Referred =
        std::reference_wrapper<std::remove_reference_t<std::conditional_t<std::is_void_v<Result>, int, Result>>>;
    using Value = std::conditional_t<std::is_void_v<Result>, std::monostate,
                                     std::conditional_t<std::is_reference_v<Result>, Referred, Result>>;

public:
    Outcome(Value value) : state_(std::in_place_index<0>, std::move(value)) {}
    Outcome(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

    /// Whether the tool ran, completely or not.
    [[nodiscard]] bool ran() const noexcept { return state_.index() == 0 ? !answer_ : std::get<1>(state_).ran; }
    /// Whether there is a result.
    explicit operator bool() const noexcept { return state_.index() == 0; }

    /// The tool's result. Throws std::bad_variant_access when there is none.
    [[nodiscard]] Value& value() & { return std::get<0>(state_); }
    [[nodiscard]] const Value& value() const& { return std::get<0>(state_); }
    [[nodiscard]] Value&& value() && { return std::get<0>(std::move(state_)); }

    [[nodiscard]] Value& operator*() & { return value(); }
    [[nodiscard]] const Value& operator*() const& { return value(); }
    [[nodiscard]] Value&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] auto* operator->() { return std::addressof(referred(value())); }
    [[nodiscard]] const auto* operator->() const { return std::addressof(referred(value())); }

    /// The tool's result, or `otherwise` when there is none.
    template <typename Otherwise>
    [[nodiscard]] Value value_or(Otherwise&& otherwise) const& {
        return *this ? value() : static_cast<Value>(std::forward<Otherwise>(otherwise));
    }
    template <typename Otherwise>
    [[nodiscard]] Value value_or(Otherwise&& otherwise) && {
        return *this ? std::move(*this).value() : static_cast<Value>(std::forward<Otherwise>(otherwise));
    }

    /// The result, or why there is none, as text for a language model. For results that JSON can hold. If a reviewer
    /// edited the arguments, the text begins with what was changed. If a reviewer answered, the text says so and
    /// contains the answer.
    [[nodiscard]] std::string text_for_model()
        const requires std::is_void_v<Result> || std::is_constructible_v<Json, detail::Shown<Result>> {
        if (answer_) return answer_->text_for_model();
        const std::string changed = edit_ ? edit_->text_for_model() + " " : std::string();
        if (!*this) return changed + refusal().text_for_model();
        if constexpr (std::is_void_v<Result>) {
            return changed + approvekit::text_for_model(Json());
        } else {
            return changed + approvekit::text_for_model(Json(referred(value())));
        }
    }

    /// What a reviewer changed in the arguments that the tool ran with. Nothing when the tool did not run, or ran with
    /// the arguments as submitted.
    [[nodiscard]] const std::optional<CallEdit>& edit() const noexcept { return edit_; }

    /// The same outcome with a reviewer's edit.
    [[nodiscard]] Outcome with(std::optional<CallEdit> edit) && {
        if (ran()) edit_ = std::move(edit);
        return std::move(*this);
    }

    /// What a reviewer answered instead of letting the call run; nothing when nobody did. If the answer does not have
    /// the tool's type, there is no result.
    [[nodiscard]] const std::optional<CallAnswer>& answer() const noexcept { return answer_; }

    /// The same outcome, marked as a reviewer's answer.
    [[nodiscard]] Outcome with(CallAnswer answer) && {
        answer_ = std::move(answer);
        return std::move(*this);
    }

    /// Why there is no result. Throws std::bad_variant_access when there is a result.
    [[nodiscard]] const Refusal& refusal() const { return std::get<1>(state_); }

private:
    template <typename Any>
    static decltype(auto) referred(Any& held) {
        if constexpr (std::is_reference_v<Result>) {
            return (held.get());
        } else {
            return (held);
        }
    }

    std::variant<Value, Refusal> state_;
    std::optional<CallEdit> edit_;
    std::optional<CallAnswer> answer_;
};

}  // namespace approvekit
