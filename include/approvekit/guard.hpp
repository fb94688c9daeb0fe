#pragma once

#include "approvekit/approve_kit.hpp"
#include "approvekit/detail/capture.hpp"
#include "approvekit/detail/run.hpp"
#include "approvekit/detail/signature.hpp"
#include "approvekit/ticket.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace approvekit {

namespace detail {

/// The names of a tool's parameters, as reviewers read them. Throws Error (invalid_option) for one that stands twice.
template <std::size_t Count>
std::array<std::string, Count> parameter_names(const char* const* names) {
    std::array<std::string, Count> result;
    for (std::size_t index = 0; index < Count; ++index) {
        for (std::size_t earlier = 0; earlier < index; ++earlier) {
            if (result[earlier] == names[index]) {
                throw Error(ErrorCode::invalid_option, "guard(): two parameters are named " + result[earlier]);
            }
        }
        result[index] = names[index];
    }
    return result;
}

template <typename Tuple, std::size_t... Index>
Json to_object(const std::array<std::string, sizeof...(Index)>& names, const Tuple& captured,
               std::index_sequence<Index...>) {
    Json object = Json::object();
    ((object[names[Index]] = std::get<Index>(captured)), ...);
    return object;
}

template <typename Result, typename Parameter>
inline constexpr bool may_return_captured = std::is_reference_v<Result> && !is_caller_object<Parameter> &&
                                            std::is_same_v<std::decay_t<Result>, Captured<Parameter>>;

}  // namespace detail

/// A tool with a gate in front: takes the parameters of the tool and returns its result, once a policy or a person
/// allowed the call.
///
/// Arguments are captured by value, so what was shown is what runs. Where the tool takes a reference to the caller's
/// object, that object is set back to what was shown before the tool gets it. Copies share the tool; calls from
/// several threads are safe when the tool itself allows them.
template <typename Callable, typename Result, typename... Parameters>
class Guarded {
    static_assert((detail::becomes_json<Parameters> && ...),
                  "approvekit::guard: every parameter of a guarded tool must be a value that nlohmann::json can hold; "
                  "give its type a to_json function, and pass owning types instead of pointers");
    static_assert(!(detail::may_return_captured<Result, Parameters> || ...),
                  "approvekit::guard: this tool could return a reference to one of its captured arguments; let it "
                  "return a value");

public:
    using Names = std::array<std::string, sizeof...(Parameters)>;

    Guarded(ApproveKit kit, std::string tool_name, Names names, Callable callable)
        : kit_(std::move(kit)),
          tool_name_(std::move(tool_name)),
          names_(std::move(names)),
          callable_(std::make_shared<Callable>(std::move(callable))) {}

    /// Throws RefusedError when the call must not run, StorageError when the record fails, and what the tool throws.
    Result operator()(Parameters... arguments) const {
        std::tuple<detail::Captured<Parameters>...> captured(std::forward<Parameters>(arguments)...);
        return detail::run_under(admit(captured), [&]() -> Result {
            return std::apply(
                [&](auto&... values) -> Result {
                    return std::invoke(*callable_, detail::pass_back<Parameters>(values, arguments)...);
                },
                captured);
        });
    }

    /// The same, with a refusal as a value.
    [[nodiscard]] Outcome<Result> attempt(Parameters... arguments) const {
        return detail::attempt<Result>([&]() -> Result { return (*this)(std::forward<Parameters>(arguments)...); });
    }

    /// Asks now, to be awaited later. References to the caller's objects are not kept: the tool gets copies.
    [[nodiscard]] Ticket<Result> submit(Parameters... arguments) const {
        std::tuple<detail::Captured<Parameters>...> captured(std::forward<Parameters>(arguments)...);
        PendingCall pending = kit_.submit(tool_name_, to_json(captured));
        return Ticket<Result>(std::move(pending),
                              [callable = callable_, captured = std::move(captured)]() mutable -> Result {
                                  return std::apply(
                                      [&](auto&... values) -> Result {
                                          return std::invoke(*callable, detail::pass<Parameters>(values)...);
                                      },
                                      captured);
                              });
    }

    /// The same tool, whose waiting ends with ApprovalCancelledError when `stop` is asked for.
    [[nodiscard]] Guarded with(std::stop_token stop) const {
        Guarded copy = *this;
        copy.stop_ = std::move(stop);
        return copy;
    }

private:
    template <typename Tuple>
    [[nodiscard]] Json to_json(const Tuple& captured) const {
        return detail::to_object(names_, captured, std::index_sequence_for<Parameters...>{});
    }

    template <typename Tuple>
    [[nodiscard]] Permit admit(const Tuple& captured) const {
        return kit_.admit(tool_name_, to_json(captured), stop_);
    }

    ApproveKit kit_;
    std::string tool_name_;
    Names names_;
    std::shared_ptr<Callable> callable_;
    std::stop_token stop_;
};

/// A guarded tool whose first parameter is a JSON value: that value is what is reviewed. Otherwise like Guarded.
template <typename Callable, typename Result, typename... Rest>
class GuardedJson {
public:
    GuardedJson(ApproveKit kit, std::string tool_name, Callable callable)
        : kit_(std::move(kit)),
          tool_name_(std::move(tool_name)),
          callable_(std::make_shared<Callable>(std::move(callable))) {}

    Result operator()(const Json& arguments, Rest... rest) const {
        const Json captured = arguments;
        return detail::run_under(kit_.admit(tool_name_, captured, stop_), [&]() -> Result {
            return std::invoke(*callable_, captured, std::forward<Rest>(rest)...);
        });
    }

    [[nodiscard]] Outcome<Result> attempt(const Json& arguments, Rest... rest) const {
        return detail::attempt<Result>([&]() -> Result { return (*this)(arguments, std::forward<Rest>(rest)...); });
    }

    [[nodiscard]] Ticket<Result> submit(const Json& arguments, std::decay_t<Rest>... rest) const {
        return Ticket<Result>(
            kit_.submit(tool_name_, arguments),
            [callable = callable_, captured = arguments, rest = std::tuple(std::move(rest)...)]() mutable -> Result {
                return std::apply(
                    [&](auto&... values) -> Result {
                        return std::invoke(*callable, std::as_const(captured), detail::pass<Rest>(values)...);
                    },
                    rest);
            });
    }

    [[nodiscard]] GuardedJson with(std::stop_token stop) const {
        GuardedJson copy = *this;
        copy.stop_ = std::move(stop);
        return copy;
    }

private:
    ApproveKit kit_;
    std::string tool_name_;
    std::shared_ptr<Callable> callable_;
    std::stop_token stop_;
};

/// A guarded tool whose parameter types are not fixed (a generic lambda, the result of std::bind_front): it takes as
/// many values as it has names, of whatever types.
template <typename Callable, std::size_t Count>
class GuardedGeneric {
public:
    GuardedGeneric(ApproveKit kit, std::string tool_name, std::array<std::string, Count> names, Callable callable)
        : kit_(std::move(kit)),
          tool_name_(std::move(tool_name)),
          names_(std::move(names)),
          callable_(std::make_shared<Callable>(std::move(callable))) {}

    template <typename... Arguments>
    decltype(auto) operator()(Arguments&&... arguments) const {
        return typed<Arguments...>()(std::forward<Arguments>(arguments)...);
    }

    template <typename... Arguments>
    [[nodiscard]] auto attempt(Arguments&&... arguments) const {
        return typed<Arguments...>().attempt(std::forward<Arguments>(arguments)...);
    }

    template <typename... Arguments>
    [[nodiscard]] auto submit(Arguments&&... arguments) const {
        return typed<Arguments...>().submit(std::forward<Arguments>(arguments)...);
    }

    [[nodiscard]] GuardedGeneric with(std::stop_token stop) const {
        GuardedGeneric copy = *this;
        copy.stop_ = std::move(stop);
        return copy;
    }

private:
    template <typename... Arguments>
    [[nodiscard]] auto typed() const {
        static_assert(sizeof...(Arguments) == Count,
                      "approvekit::guard: call this tool with one argument for each of its names");
        auto shared = [callable = callable_](detail::Captured<Arguments>... values) -> decltype(auto) {
            return std::invoke(*callable, std::move(values)...);
        };
        using Result = std::invoke_result_t<Callable&, detail::Captured<Arguments>...>;
        return Guarded<decltype(shared), Result, detail::Captured<Arguments>...>(kit_, tool_name_, names_, shared)
            .with(stop_);
    }

    ApproveKit kit_;
    std::string tool_name_;
    std::array<std::string, Count> names_;
    std::shared_ptr<Callable> callable_;
    std::stop_token stop_;
};

namespace detail {

template <typename Callable, typename Result, typename... Parameters, std::size_t Count>
auto make_guarded(TypeList<Parameters...>, const ApproveKit& kit, std::string tool_name,
                  std::array<std::string, Count> names, Callable callable) {
    static_assert(sizeof...(Parameters) == Count,
                  "approvekit::guard: give exactly one name for each parameter of the tool");
    if constexpr (sizeof...(Parameters) == Count) {
        return Guarded<Callable, Result, Parameters...>(kit, std::move(tool_name), std::move(names),
                                                        std::move(callable));
    }
}

template <typename Callable, typename Result, typename First, typename... Rest>
auto make_guarded_json(TypeList<First, Rest...>, const ApproveKit& kit, std::string tool_name, Callable callable) {
    static_assert(std::is_same_v<std::decay_t<First>, Json>,
                  "approvekit::guard: name the parameters of this tool, or let its first one be const Json&");
    return GuardedJson<Callable, Result, Rest...>(kit, std::move(tool_name), std::move(callable));
}

template <typename Result, typename Member, typename Object, typename... Parameters>
auto bind_member(TypeList<Parameters...>, Member member, Object& object) {
    return [member, &object](Parameters... arguments) -> Result {
        return (object.*member)(std::forward<Parameters>(arguments)...);
    };
}

}  // namespace detail

template <typename Callable, std::size_t Count>
auto ApproveKit::guard(std::string tool_name, const char* const (&names)[Count], Callable callable) const {
    using Signature = detail::Signature<Callable>;
    auto list = detail::parameter_names<Count>(names);
    if constexpr (Signature::known) {
        return detail::make_guarded<Callable, typename Signature::Result>(
            typename Signature::Parameters{}, *this, std::move(tool_name), std::move(list), std::move(callable));
    } else {
        return GuardedGeneric<Callable, Count>(*this, std::move(tool_name), std::move(list), std::move(callable));
    }
}

template <typename Callable>
auto ApproveKit::guard(std::string tool_name, NoNames, Callable callable) const {
    static_assert(std::is_invocable_v<Callable&>,
                  "approvekit::guard: give exactly one name for each parameter of the tool");
    using Result = std::invoke_result_t<Callable&>;
    return Guarded<Callable, Result>(*this, std::move(tool_name), {}, std::move(callable));
}

template <typename Object, typename Member, std::size_t Count>
auto ApproveKit::guard(std::string tool_name, const char* const (&names)[Count], Member member, Object& object) const {
    using Signature = detail::Signature<Member>;
    static_assert(Signature::known, "approvekit::guard: pass a pointer to a member function that is not overloaded");
    return guard(std::move(tool_name), names,
                 detail::bind_member<typename Signature::Result>(typename Signature::Parameters{}, member, object));
}

template <typename Callable>
auto ApproveKit::guard(std::string tool_name, Callable callable) const {
    using Signature = detail::Signature<Callable>;
    static_assert(Signature::known,
                  "approvekit::guard: name the parameters of this tool, or let its first one be const Json&");
    if constexpr (Signature::Parameters::size == 0) {
        return guard(std::move(tool_name), NoNames{}, std::move(callable));
    } else {
        return detail::make_guarded_json<Callable, typename Signature::Result>(
            typename Signature::Parameters{}, *this, std::move(tool_name), std::move(callable));
    }
}

template <typename Callable>
decltype(auto) ApproveKit::call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                                std::stop_token stop) const {
    static_assert(std::is_invocable_v<Callable&, const Json&>,
                  "approvekit::call: the tool must be callable with one const nlohmann::json&");
    const Json parsed = parse_arguments(tool_name, arguments);
    return detail::run_under(admit(tool_name, parsed, std::move(stop)),
                             [&]() -> decltype(auto) { return std::invoke(callable, parsed); });
}

template <typename Callable>
auto ApproveKit::try_call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                          std::stop_token stop) const {
    using Result = std::invoke_result_t<Callable&, const Json&>;
    return detail::attempt<Result>([&]() -> Result { return call(tool_name, arguments, callable, std::move(stop)); });
}

}  // namespace approvekit
