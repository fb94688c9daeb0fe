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

/// Whether the tool sees only the part of a text before its first NUL.
template <typename Parameter>
inline constexpr bool ends_at_nul = std::is_same_v<std::decay_t<Parameter>, const char*>;

/// The type that stores a parameter while its call waits: a separate value, never a view of the caller's memory.
template <typename Parameter>
using Captured = std::conditional_t<is_text_view<Parameter>, std::string, std::decay_t<Parameter>>;

/// Our conversions support some types that nlohmann's do not, such as an optional in 3.11 or a duration.
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

/// Whether the passed value belongs to somebody else. A tool that changes it could then change something that is not
/// its caller's, or leave a view of a copy behind.
template <typename Parameter>
inline constexpr bool is_borrowed =
    holds_within<Borrows, Captured<Parameter>> ||
    (is_text_view<Parameter> && is_caller_object<Parameter>) || std::is_same_v<std::decay_t<Parameter>, char*>;

/// Whether JSON would show less than the tool gets.
template <typename Parameter>
inline constexpr bool loses_in_json = holds_within<LosesInJson, Captured<Parameter>>;

/// Passes a captured value on as the parameter that the tool declares.
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

/// The value that the tool gets if the caller waits: the caller's own object, set back to what was shown, or the copy.
template <typename Parameter>
auto& prepare(Captured<Parameter>& captured, std::remove_reference_t<Parameter>& caller) {
    if constexpr (is_caller_object<Parameter>) {
        caller = captured;
        return caller;
    } else {
        return captured;
    }
}

/// Passes that value on.
template <typename Parameter>
decltype(auto) pass_on(Captured<Parameter>& captured, std::remove_reference_t<Parameter>& caller) {
    if constexpr (is_caller_object<Parameter>) {
        return (caller);
    } else {
        return pass<Parameter>(captured);
    }
}

}  // namespace approvekit::detail
