#pragma once

#include "approvekit/error.hpp"

#include <type_traits>
#include <utility>

namespace approvekit::detail {

template <typename... Parameters>
struct TypeList {
    static constexpr int size = sizeof...(Parameters);
};

/// Result and parameter types of a callable, if they can be determined; `known` is false for templates and overload
/// sets.
template <typename Callable, typename = void>
struct Signature {
    static constexpr bool known = false;
};

template <typename ResultType, typename... Types>
struct Signature<ResultType (*)(Types...), void> {
    static constexpr bool known = true;
    using Result = ResultType;
    using Parameters = TypeList<Types...>;
};

template <typename Result, typename... Types>
struct Signature<Result (*)(Types...) noexcept, void> : Signature<Result (*)(Types...)> {};
template <typename Result, typename Class, typename... Types>
struct Signature<Result (Class::*)(Types...), void> : Signature<Result (*)(Types...)> {};
template <typename Result, typename Class, typename... Types>
struct Signature<Result (Class::*)(Types...) const, void> : Signature<Result (*)(Types...)> {};
template <typename Result, typename Class, typename... Types>
struct Signature<Result (Class::*)(Types...) noexcept, void> : Signature<Result (*)(Types...)> {};
template <typename Result, typename Class, typename... Types>
struct Signature<Result (Class::*)(Types...) const noexcept, void> : Signature<Result (*)(Types...)> {};

template <typename Callable>
struct Signature<Callable, std::void_t<decltype(&Callable::operator())>> : Signature<decltype(&Callable::operator())> {
};

/// `object` is a pointer of any kind. Throws Error (invalid_option) when it is null.
template <typename Result, typename Member, typename Pointer, typename... Parameters>
auto bind_member(TypeList<Parameters...>, Member member, Pointer object) {
    if (!object) throw Error(ErrorCode::invalid_option, "there is no object whose member function is to be called");
    return [member, object = std::move(object)](Parameters... arguments) -> Result {
        return ((*object).*member)(std::forward<Parameters>(arguments)...);
    };
}

}  // namespace approvekit::detail
