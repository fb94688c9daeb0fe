#pragma once

#include "approvekit/approve_kit.hpp"
#include "approvekit/detail/run.hpp"
#include "approvekit/detail/tool_shape.hpp"
#include "approvekit/guard.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// ApproveKit::call() and try_call(), for agent loops.
namespace approvekit {

namespace detail {

template <typename Callable>
decltype(auto) call_stoppable(Permit permit, JsonArguments& arguments, Callable& callable,
                              const std::stop_token& stop) {
    static_assert(std::is_invocable_v<Callable&, const Json&, const std::stop_token&>,
                  "approvekit::call: the tool must be callable with one const nlohmann::json& and a std::stop_token");
    using Result = std::invoke_result_t<Callable&, const Json&, const std::stop_token&>;
    static_assert(returns_when_done<Result, const Json&>,
                  "approvekit::call: this tool returns before its work has ended (a future, a thread, a coroutine, a "
                  "task), so that the record would call it executed too early; let it wait for the end and return the "
                  "result");
    return run_stoppable(
        std::move(permit), stop, [&]() -> const Json& { return arguments.value; },
        [&](const std::stop_token& token) -> Result {
            return std::invoke(callable, std::as_const(arguments.value), token);
        });
}

}  // namespace detail

template <typename Callable>
decltype(auto) ApproveKit::call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                                std::stop_token stop) const {
    std::optional<CallEdit> edit;
    using Result = decltype(call_noting(edit, tool_name, arguments, std::forward<Callable>(callable), stop));
    return detail::or_answer<Result>(
        [&]() -> Result { return call_noting(edit, tool_name, arguments, std::forward<Callable>(callable), stop); });
}

template <typename Callable>
decltype(auto) ApproveKit::call_noting(std::optional<CallEdit>& edit, std::string_view tool_name,
                                       std::string_view arguments, Callable&& callable,
                                       const std::stop_token& stop) const {
    using Tool = std::decay_t<Callable>;
    if constexpr (detail::takes_control<Tool>()) {
        using Shape = detail::ShapeOf<Tool>;
        static_cast<void>(detail::RequireShape<Shape>());
        if constexpr (Shape::is_sound && Shape::ends_later) {
            return guard(std::string(tool_name), Tool(std::forward<Callable>(callable)))
                .with(stop)
                .run_noting(edit, parse_arguments(tool_name, arguments));
        } else if constexpr (Shape::is_sound) {
            detail::JsonArguments parsed{parse_arguments(tool_name, arguments)};
            Permit permit = admit(tool_name, parsed.value, stop, {}, CanStop::yes);
            return detail::call_stoppable(detail::with_edits(std::move(permit), parsed, edit), parsed, callable, stop);
        }
    } else {
        static_assert(std::is_invocable_v<Callable&, const Json&>,
                      "approvekit::call: the tool must be callable with one const nlohmann::json&");
        static_assert(detail::returns_when_done<std::invoke_result_t<Callable&, const Json&>, const Json&>,
                      "approvekit::call: this tool returns before its work has ended (a future, a thread, a coroutine, "
                      "a task), so "
                      "that the record would call it executed too early; let it wait for the end and return the "
                      "result, or take an "
                      "approvekit::Completion<Result> as its first parameter and say by that how the work ended");
        detail::JsonArguments parsed{parse_arguments(tool_name, arguments)};
        return detail::run_under(
            detail::with_edits(admit(tool_name, parsed.value, stop), parsed, edit),
            [&]() -> const Json& { return parsed.value; },
            [&]() -> decltype(auto) { return std::invoke(callable, std::as_const(parsed.value)); });
    }
}

template <typename Callable>
auto ApproveKit::try_call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                          std::stop_token stop) const {
    using Result = decltype(call(tool_name, arguments, std::forward<Callable>(callable), std::move(stop)));
    std::optional<CallEdit> edit;
    return detail::attempt<Result>([&]() -> Result {
               return call_noting(edit, tool_name, arguments, std::forward<Callable>(callable), stop);
           })
        .with(edit);
}

}  // namespace approvekit
