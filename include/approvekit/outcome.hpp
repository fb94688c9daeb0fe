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

/// Why a guarded call did not run; or, where `ran` says so, why it ran and has no result.
struct Refusal {
    ErrorCode code = ErrorCode::rejected;  ///< rejected, timeout, cancelled, denied, invalid_arguments, altered, ...
    std::string message;                   ///< one sentence for a person
    std::string tool_name;
    std::string request_id;  ///< empty when the call never became a request
    std::string reviewer;    ///< empty when no person refused it
    std::string notes;       ///< the reviewer's words
    /// The tool ran: it failed, for a call within it was refused (code tool_failed), or was asked to stop
    /// (cancelled_while_running, timed_out_while_running).
    bool ran = false;
    /// Of code already_ran: the earlier run came to its end by itself.
    bool ran_to_end = false;

    /// Text to hand back to a language model as the tool's result: whether it ran, what happened, the reviewer's words,
    /// and what to do next. Only where a person or the policy refused does it say not to repeat the call.
    [[nodiscard]] std::string text_for_model() const;
};

/// Describes a refusal that was thrown.
[[nodiscard]] Refusal describe(const RefusedError& error);
/// Describes what a tool ran into when it made a call of its own.
[[nodiscard]] Refusal describe(const ToolFailedError& error);
/// Describes that a tool was asked to stop while it ran.
[[nodiscard]] Refusal describe(const RunStoppedError& error);
/// Describes that a reviewer answered a call, where its tool's type does not take the answer.
[[nodiscard]] Refusal describe(const AnsweredError& error);

/// What a tool returned as text for a language model: a text as it is, "Done." for null, all else as JSON.
[[nodiscard]] std::string text_for_model(const Json& result);

namespace detail {

template <typename Result>
using Shown = std::add_lvalue_reference_t<const std::remove_reference_t<Result>>;

}  // namespace detail

/// What an attempted call came to: the tool's result, or why there is none. Where a reviewer answered the call instead of
/// letting it run, the result is that answer, as far as the tool's type takes it: answer() says so, and ran() is false.
///
/// There is none when the call was refused, when its tool made a guarded call of its own that came to nothing, or when
/// it was asked to stop while it ran.
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
    [[nodiscard]] bool ran() const noexcept { return state_.index() == 0 ? !answer_ : std::get<1>(state_).ran; }
    /// Whether there is a result.
    explicit operator bool() const noexcept { return state_.index() == 0; }

    /// The tool's result. Only when there is one; otherwise std::bad_variant_access.
    [[nodiscard]] Value& value() & { return std::get<0>(state_); }
    [[nodiscard]] const Value& value() const& { return std::get<0>(state_); }
    [[nodiscard]] Value&& value() && { return std::get<0>(std::move(state_)); }

    [[nodiscard]] Value& operator*() & { return value(); }
    [[nodiscard]] const Value& operator*() const& { return value(); }
    [[nodiscard]] Value&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] auto* operator->() { return std::addressof(referred(value())); }
    [[nodiscard]] const auto* operator->() const { return std::addressof(referred(value())); }

    /// The tool's result, or `otherwise` where there is none.
    template <typename Otherwise>
    [[nodiscard]] Value value_or(Otherwise&& otherwise) const& {
        return *this ? value() : static_cast<Value>(std::forward<Otherwise>(otherwise));
    }
    template <typename Otherwise>
    [[nodiscard]] Value value_or(Otherwise&& otherwise) && {
        return *this ? std::move(*this).value() : static_cast<Value>(std::forward<Otherwise>(otherwise));
    }

    /// The result, or why there is none, as the tool's answer to a language model. For results that JSON can hold.
    /// Where a reviewer edited the arguments, it begins with what was changed; where one answered, with that.
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

    /// What a reviewer changed of the arguments with which the tool ran; nothing where it did not run, or ran with those
    /// that were asked for.
    [[nodiscard]] const std::optional<CallEdit>& edit() const noexcept { return edit_; }

    /// The same outcome of a call that a reviewer edited so.
    [[nodiscard]] Outcome with(std::optional<CallEdit> edit) && {
        if (ran()) edit_ = std::move(edit);
        return std::move(*this);
    }

    /// What a reviewer answered instead of letting the call run; nothing where nobody did. There is no result where the
    /// tool's type does not take it.
    [[nodiscard]] const std::optional<CallAnswer>& answer() const noexcept { return answer_; }

    /// The same outcome, which is a reviewer's answer.
    [[nodiscard]] Outcome with(CallAnswer answer) && {
        answer_ = std::move(answer);
        return std::move(*this);
    }

    /// Only when there is no result; otherwise std::bad_variant_access.
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
