#pragma once

#include "approvekit/detail/container_json.hpp"
#include "approvekit/detail/tool_json.hpp"
#include "approvekit/detail/tool_types.hpp"
#include "approvekit/json.hpp"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace approvekit::detail {

template <typename Parameter>
inline constexpr bool is_text_view =
    std::is_same_v<std::decay_t<Parameter>, std::string_view> || std::is_same_v<std::decay_t<Parameter>, const char*> ||
    std::is_same_v<std::decay_t<Parameter>, char*>;

/// Whether the tool sees no more of a text than what stands before its first NUL.
template <typename Parameter>
inline constexpr bool ends_at_nul = std::is_same_v<std::decay_t<Parameter>, const char*>;

/// What a parameter is kept as while its call waits: a value of its own, never a view of the caller's memory.
template <typename Parameter>
using Captured = std::conditional_t<is_text_view<Parameter>, std::string, std::decay_t<Parameter>>;

/// What nlohmann's own conversions cannot do, an optional in 3.11 or a duration in any, ours may.
template <typename Parameter>
inline constexpr bool becomes_json =
    std::is_constructible_v<Json, const Captured<Parameter>&> || ToolJson<Captured<Parameter>>::known;

template <typename Value>
Json to_json_value(const Value& value) {
    if constexpr (std::is_constructible_v<Json, const Value&>) {
        return Json(value);
    } else {
        return ToolJson<Value>::write(value);
    }
}

/// A parameter that refers to the caller's own object, so that the tool can change it.
template <typename Parameter>
inline constexpr bool is_caller_object =
    std::is_lvalue_reference_v<Parameter> && !std::is_const_v<std::remove_reference_t<Parameter>>;

/// Whether what is passed belongs to somebody else: a tool that is to change it could then change what is not its
/// caller's, or leave a view of a copy behind.
template <typename Parameter>
inline constexpr bool is_borrowed =
    holds_within<Borrows, Captured<Parameter>> ||
    (is_text_view<Parameter> && is_caller_object<Parameter>) || std::is_same_v<std::decay_t<Parameter>, char*>;

/// Whether JSON would show less of it than the tool gets.
template <typename Parameter>
inline constexpr bool loses_in_json = holds_within<LosesInJson, Captured<Parameter>>;

/// Hands a captured value on as the parameter that the tool declares.
template <typename Parameter>
decltype(auto) pass(Captured<Parameter>& captured) {
    if constexpr (std::is_same_v<std::decay_t<Parameter>, std::string_view>) {
        return std::string_view(captured);
    } else if constexpr (is_text_view<Parameter>) {
        return captured.c_str();
    } else if constexpr (std::is_lvalue_reference_v<Parameter>) {
        return static_cast<Captured<Parameter>&>(captured);
    } else {
        return static_cast<Captured<Parameter>&&>(captured);
    }
}

/// What the tool is about to get, where the caller waits: its own object, put back to what was shown, or the copy.
template <typename Parameter>
auto& prepare(Captured<Parameter>& captured, std::remove_reference_t<Parameter>& caller) {
    if constexpr (is_caller_object<Parameter>) {
        caller = captured;
        return caller;
    } else {
        return captured;
    }
}

/// Hands that on.
template <typename Parameter>
decltype(auto) pass_on(Captured<Parameter>& captured, std::remove_reference_t<Parameter>& caller) {
    if constexpr (is_caller_object<Parameter>) {
        return (caller);
    } else {
        return pass<Parameter>(captured);
    }
}

}  // namespace approvekit::detail
