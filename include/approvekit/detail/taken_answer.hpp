#pragma once

#include "approvekit/call_answer.hpp"
#include "approvekit/detail/capture.hpp"
#include "approvekit/detail/container_json.hpp"
#include "approvekit/detail/tool_json.hpp"
#include "approvekit/detail/tool_types.hpp"
#include "approvekit/json.hpp"
#include "approvekit/outcome.hpp"

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace approvekit::detail {

template <typename Result>
constexpr bool can_take_answer() {
    if constexpr (std::is_void_v<Result> || std::is_reference_v<Result>) {
        return false;  // void would say that the tool ran, and for a reference there is no object
    } else if constexpr (std::is_const_v<Result> || !std::is_move_constructible_v<Result>) {
        return false;
    } else if constexpr (holds_within<Borrows, Result> || holds_within<LosesInJson, Result> ||
                         holds_within<BareEnum, Result>) {
        return false;
    } else {
        return ToolJson<Result>::known;
    }
}

/// Whether a reviewer's answer may be the result of a tool of this type: as an argument of this type is read from JSON.
template <typename Result>
inline constexpr bool takes_answers = can_take_answer<Result>();

/// `answer` as the tool's result; nothing if it does not have the result's type.
template <typename Result>
std::optional<Result> read_answer(const Json& answer) {
    if constexpr (takes_answers<Result>) {
        try {
            return std::optional<Result>(std::in_place, ToolJson<Result>::read(answer, ArgumentPlace("answer")));
        } catch (const std::exception&) {
            // Of another type: the call then counts as refused, with the reviewer's words.
        }
    }
    return std::nullopt;
}

/// Whether the answer has the type of the tool's result.
template <typename Result>
bool takes_answer(const AnsweredError& error) {
    if constexpr (takes_answers<Result>) {
        return read_answer<Result>(error.answer().value).has_value();
    } else {
        return false;
    }
}

/// The outcome of a call that a reviewer answered.
template <typename Result>
Outcome<Result> answered_outcome(const AnsweredError& error) {
    if constexpr (takes_answers<Result>) {
        if (auto answer = read_answer<Result>(error.answer().value))
            return Outcome<Result>(*std::move(answer)).with(error.answer());
    }
    return Outcome<Result>(describe(error)).with(error.answer());
}

}  // namespace approvekit::detail
