#pragma once

#include "approvekit/detail/capture.hpp"
#include "approvekit/detail/completion_state.hpp"
#include "approvekit/detail/tool_shape.hpp"
#include "approvekit/json.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace approvekit::detail {

/// The JSON object that reviewers see.
template <std::size_t Count, typename... Values>
Json to_object(const std::array<std::string, Count>& names, const Values&... values) {
    static_assert(Count == sizeof...(Values));
    Json object = Json::object();
    [[maybe_unused]] auto name = names.begin();
    ((object[*name++] = to_json_value(values)), ...);
    return object;
}

/// Reads an argument that a reviewer edited; an unchanged one stays. Throws ArgumentMismatch.
template <typename Parameter>
void take_argument(Captured<Parameter>& value, const std::string& name, const Json& edited) {
    using Type = Captured<Parameter>;
    const Json& wanted = edited.at(name);
    if (to_json_value(value) == wanted) return;
    const ArgumentPlace place(name);
    if constexpr (ToolJson<Type>::known && std::is_move_assignable_v<Type>) {
        if (ends_at_nul<Parameter>) require_no_nul(wanted, place);
        value = ToolJson<Type>::read(wanted, place);
    } else {
        throw ArgumentMismatch(place, "its type cannot be read from JSON");
    }
}

template <typename Result, typename Parameter>
inline constexpr bool may_return_captured = std::is_reference_v<Result> && !is_caller_object<Parameter> &&
                                            std::is_same_v<std::decay_t<Result>, Captured<Parameter>>;

/// A callable with the names of its parameters. All copies of a guarded tool share it.
template <typename Callable, std::size_t Count>
struct NamedTool {
    Callable callable;
    std::array<std::string, Count> names;
};

/// A named tool with the arguments of one call.
template <typename Callable, typename ResultType, typename... Parameters>
struct CapturedCall {
    using Kind = ToolKind<Callable>;
    using Completed = ResultType;
    using Result = ResultType;
    using Run = RunOf<Result>;
    using Returned = std::conditional_t<Kind::ends_later, void, Result>;

    std::shared_ptr<NamedTool<Callable, sizeof...(Parameters)>> tool;
    std::tuple<Captured<Parameters>...> captured;

    [[nodiscard]] std::shared_ptr<const void> owner() const { return tool; }

    [[nodiscard]] Json arguments() const {
        return std::apply([&](const auto&... values) { return to_object(tool->names, values...); }, captured);
    }

    void take_edited(const Json& edited) {
        auto name = tool->names.begin();
        std::apply([&](auto&... values) { (take_argument<Parameters>(values, *name++, edited), ...); }, captured);
    }

    /// `control` are the tool's parameters that are not arguments.
    template <typename... Control>
    Returned run(Control&&... control) {
        return std::apply(
            [&](auto&... values) -> Returned {
                return std::invoke(tool->callable, std::forward<Control>(control)..., pass<Parameters>(values)...);
            },
            captured);
    }

    /// The arguments that the tool gets if its caller waits with `callers`, whose objects are set back to what was
    /// shown.
    [[nodiscard]] Json arguments_for(std::remove_reference_t<Parameters>&... callers) {
        return std::apply(
            [&](auto&... values) { return to_object(tool->names, prepare<Parameters>(values, callers)...); }, captured);
    }

    template <typename... Control>
    Returned run_for(std::remove_reference_t<Parameters>&... callers, Control&&... control) {
        return std::apply(
            [&](auto&... values) -> Returned {
                return std::invoke(tool->callable, std::forward<Control>(control)...,
                                   pass_on<Parameters>(values, callers)...);
            },
            captured);
    }
};

/// A tool that takes JSON with the arguments of one call.
template <typename Callable, typename ResultType, typename... Rest>
struct CapturedJsonCall {
    using Kind = ToolKind<Callable>;
    using Completed = ResultType;
    using Result = ResultType;
    using Run = RunOf<Result>;
    using Returned = std::conditional_t<Kind::ends_later, void, Result>;

    std::shared_ptr<Callable> callable;
    Json captured;
    std::tuple<Captured<Rest>...> rest;

    [[nodiscard]] std::shared_ptr<const void> owner() const { return callable; }

    [[nodiscard]] Json arguments() const { return captured; }

    void take_edited(const Json& edited) { captured = edited; }

    template <typename... Control>
    Returned run(Control&&... control) {
        return std::apply(
            [&](auto&... values) -> Returned {
                return std::invoke(*callable, std::forward<Control>(control)..., std::as_const(captured),
                                   pass<Rest>(values)...);
            },
            rest);
    }
};

}  // namespace approvekit::detail
