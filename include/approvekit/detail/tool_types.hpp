#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>
#include <version>

#ifdef __cpp_impl_coroutine
#include <coroutine>
#endif

namespace approvekit::detail {

/// Whether Test is true for Type or for one of its element types: vector<T>, map<string, T>, array<T, 3>.
template <template <typename> typename Test, typename Type>
inline constexpr bool holds_within = Test<Type>::value;

template <template <typename> typename Test, template <typename...> typename Template, typename... Parts>
inline constexpr bool holds_within<Test, Template<Parts...>> = Test<Template<Parts...>>::value ||
                                                               ((std::is_reference_v<Parts> && Test<Parts>::value) ||
                                                                ...) ||
                                                               (holds_within<Test, std::remove_cvref_t<Parts>> || ...);

template <template <typename> typename Test, typename Element, std::size_t Size>
inline constexpr bool holds_within<Test, std::array<Element, Size>> = holds_within<Test, std::remove_cvref_t<Element>>;

/// Types whose copies refer to memory that somebody else can change. A user's type that hides such a member is caught
/// when its JSON is compared, immediately before the tool starts.
template <typename Type>
struct Borrows : std::bool_constant<std::is_pointer_v<Type> || std::ranges::enable_borrowed_range<Type> ||
                                    std::is_same_v<Type, std::vector<bool>::reference>> {};
template <typename Type>
struct Borrows<Type&> : std::true_type {};
template <typename Type>
struct Borrows<Type&&> : std::true_type {};
template <typename Type>
struct Borrows<std::reference_wrapper<Type>> : std::true_type {};
template <typename Type>
struct Borrows<std::initializer_list<Type>> : std::true_type {};
template <typename Type>
struct Borrows<std::shared_ptr<Type>> : std::true_type {};
template <typename Type>
struct Borrows<std::weak_ptr<Type>> : std::true_type {};
template <typename Type, typename Deleter>
struct Borrows<std::unique_ptr<Type, Deleter>> : std::true_type {};

/// A map in which a key may appear several times, while JSON keeps only one of them.
template <typename Type>
concept RepeatsKeys = requires(Type& map, const typename Type::value_type& member) {
    typename Type::mapped_type;
    { map.insert(member) } -> std::same_as<typename Type::iterator>;
};

/// Types whose JSON contains less than the value, so that a reviewer would see less than what runs.
template <typename Type>
struct LosesInJson : std::bool_constant<std::is_same_v<Type, long double> || RepeatsKeys<Type>> {};
template <typename Type>
requires std::is_integral_v<Type> || std::is_enum_v<Type>
struct LosesInJson<Type> : std::bool_constant<(sizeof(Type) > sizeof(long long))> {
};

template <typename Type>
concept Future = requires {
    std::declval<Type&>().wait();
    std::declval<Type&>().valid();
};

template <typename Type>
concept Thread = requires {
    std::declval<Type&>().join();
    std::declval<Type&>().joinable();
};

template <typename Type>
concept Awaited = requires {
    std::declval<Type&>().await_ready();
}
|| requires {
    typename Type::promise_type;
}
#ifdef __cpp_impl_coroutine
|| requires {
    std::declval<Type&>().operator co_await();
}
|| requires {
    operator co_await(std::declval<Type&>());
}
|| requires {
    typename std::coroutine_traits<Type>::promise_type;
}
#endif
;

/// Types that still have to be called: a task, a function without parameters. (A constant like std::true_type does not
/// count.)
template <typename Type>
concept Task = (std::invocable<Type&> && !requires { Type::value; }) || requires {
    std::declval<Type&>().get_future();
};

/// Types for work that continues, or has not begun, when a tool returns them.
template <typename Type>
struct EndsLater : std::bool_constant<Future<Type> || Thread<Type> || Awaited<Type> || Task<Type>> {};

#ifdef __cpp_impl_coroutine
template <typename Result, typename... Parameters>
inline constexpr bool is_coroutine = requires {
    typename std::coroutine_traits<Result, Parameters...>::promise_type;
};
#else
template <typename Result, typename... Parameters>
inline constexpr bool is_coroutine = false;
#endif

/// Whether the work of a tool has ended when it returns.
template <typename Result, typename... Parameters>
inline constexpr bool returns_when_done =
    !holds_within<EndsLater, std::remove_cvref_t<Result>> && !is_coroutine<Result, Parameters...>;

}  // namespace approvekit::detail
