#pragma once

#include "approvekit/completion.hpp"
#include "approvekit/detail/capture.hpp"
#include "approvekit/detail/signature.hpp"

#include <cstddef>
#include <functional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

namespace approvekit::detail {

template <typename Type>
inline constexpr bool is_completion = false;
template <typename Result>
inline constexpr bool is_completion<Completion<Result>> = true;

/// The result type of a completion; `Returned` for any other type.
template <typename Type, typename Returned>
struct CompletedBy {
    using Result = Returned;
};
template <typename ResultType, typename Returned>
struct CompletedBy<Completion<ResultType>, Returned> {
    using Result = ResultType;
};

template <typename Type>
inline constexpr bool is_stop_token = std::is_same_v<std::remove_cvref_t<Type>, std::stop_token>;

/// The first, the last, and `Count` types of a list from `From` on.
template <typename List>
struct FirstOf {
    using Type = void;
};
template <typename First, typename... Rest>
struct FirstOf<TypeList<First, Rest...>> {
    using Type = First;
};

template <typename List>
struct LastOf {
    using Type = void;
};
template <typename First, typename... Rest>
struct LastOf<TypeList<First, Rest...>> {
    using Type = std::tuple_element_t<sizeof...(Rest), std::tuple<First, Rest...>>;
};

template <typename List, std::size_t From, typename Indexes>
struct Middle;
template <typename... Types, std::size_t From, std::size_t... Index>
struct Middle<TypeList<Types...>, From, std::index_sequence<Index...>> {
    using List = TypeList<std::tuple_element_t<From + Index, std::tuple<Types...>>...>;
};

template <typename List>
inline constexpr bool holds_control = false;
template <typename... Types>
inline constexpr bool holds_control<TypeList<Types...>> =
    ((is_completion<std::remove_cvref_t<Types>> || is_stop_token<Types>) || ...);

template <typename List>
inline constexpr bool holds_reference = false;
template <typename... Types>
inline constexpr bool holds_reference<TypeList<Types...>> = ((std::is_reference_v<Types> || is_text_view<Types>) ||
                                                             ...);

/// A tool's parameters without those that are not arguments: a Completion as the first, a std::stop_token as the last.
template <typename Result, typename Parameters>
struct ToolShape {
    using First = typename FirstOf<Parameters>::Type;
    using FirstValue = std::remove_cvref_t<First>;

    static constexpr bool ends_later = is_completion<FirstValue>;
    static constexpr bool takes_stop = is_stop_token<typename LastOf<Parameters>::Type>;
    static constexpr bool is_plain = !ends_later && !takes_stop;

    static constexpr std::size_t size = Parameters::size - (ends_later ? 1 : 0) - (takes_stop ? 1 : 0);
    using Arguments = typename Middle<Parameters, ends_later ? 1 : 0, std::make_index_sequence<size>>::List;
    /// What the tool's caller gets.
    using Answer = typename CompletedBy<FirstValue, Result>::Result;

    static constexpr bool in_place = !holds_control<Arguments>;
    static constexpr bool owns_completion = !ends_later || std::is_same_v<First, FirstValue>;
    static constexpr bool owns_arguments = !ends_later || !holds_reference<Arguments>;
    static constexpr bool returns_nothing = !ends_later || std::is_void_v<Result>;
    static constexpr bool is_sound = in_place && owns_completion && owns_arguments && returns_nothing;
};

/// Reports what is wrong with the shape of an unsound tool. It is a class, so that compilers also name the tool's line.
template <typename Shape>
struct RequireShape {
    static_assert(
        Shape::in_place,
        "approvekit: a tool takes its Completion as the first parameter and a std::stop_token as the last one; "
        "this tool has one of them elsewhere");
    static_assert(Shape::owns_completion,
                  "approvekit: take the Completion by value, since it must live for as long as the work goes on");
    static_assert(Shape::owns_arguments,
                  "approvekit: a tool whose work goes on after it has returned owns its arguments; take each by value, "
                  "std::string rather than const std::string& or std::string_view");
    static_assert(Shape::returns_nothing,
                  "approvekit: a tool that takes a Completion returns void, since it says by that how its work ended");
};

template <typename Callable>
using ShapeOf = ToolShape<typename Signature<Callable>::Result, typename Signature<Callable>::Parameters>;

/// Whether a callable takes a Completion or a stop token, if its type shows that.
template <typename Callable>
constexpr bool takes_control() {
    if constexpr (Signature<Callable>::known) {
        return !ShapeOf<Callable>::is_plain || !ShapeOf<Callable>::is_sound;
    } else {
        return false;
    }
}

/// A callable whose last parameter is a std::stop_token; this wrapper is called with the token first.
template <typename Callable>
struct StoppableTool {
    Callable callable;

    template <typename... Arguments>
    decltype(auto) operator()(const std::stop_token& stop, Arguments&&... arguments) {
        return std::invoke(callable, std::forward<Arguments>(arguments)..., stop);
    }
};

/// A callable whose first parameter is a completion; this wrapper is called with a stop token after it.
template <typename Callable, bool TakesStop>
struct LaterTool {
    Callable callable;

    template <typename Result, typename... Arguments>
    void operator()(Completion<Result> done, const std::stop_token& stop, Arguments&&... arguments) {
        if constexpr (TakesStop) {
            std::invoke(callable, std::move(done), std::forward<Arguments>(arguments)..., stop);
        } else {
            std::invoke(callable, std::move(done), std::forward<Arguments>(arguments)...);
        }
    }
};

/// How a callable is run.
template <typename Callable>
struct ToolKind {
    static constexpr bool can_stop = false;
    static constexpr bool ends_later = false;
};
template <typename Callable>
struct ToolKind<StoppableTool<Callable>> {
    static constexpr bool can_stop = true;
    static constexpr bool ends_later = false;
};
template <typename Callable, bool TakesStop>
struct ToolKind<LaterTool<Callable, TakesStop>> {
    static constexpr bool can_stop = TakesStop;
    static constexpr bool ends_later = true;
};

/// The callable in the form that its shape needs.
template <typename Shape, typename Callable>
auto shaped(Callable callable) {
    if constexpr (Shape::ends_later) {
        return LaterTool<Callable, Shape::takes_stop>{std::move(callable)};
    } else if constexpr (Shape::takes_stop) {
        return StoppableTool<Callable>{std::move(callable)};
    } else {
        return callable;
    }
}

}  // namespace approvekit::detail
