#pragma once

#include <type_traits>

namespace approvekit::detail {

template <typename... Parameters>
struct TypeList {
    static constexpr int size = sizeof...(Parameters);
};

/// Result and parameters of a callable, where they can be told; `known` is false for templates and overload sets.
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

}  // namespace approvekit::detail
