#pragma once

#include "approvekit/approve_kit.hpp"
#include "approvekit/completion.hpp"
#include "approvekit/detail/bound_call.hpp"
#include "approvekit/detail/capture.hpp"
#include "approvekit/detail/captured_call.hpp"
#include "approvekit/detail/run.hpp"
#include "approvekit/detail/signature.hpp"
#include "approvekit/detail/tool_shape.hpp"
#include "approvekit/ticket.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace approvekit {

namespace detail {

/// The names of a tool's parameters, as reviewers read them. Throws Error (invalid_option) when a name appears twice.
template <std::size_t Count>
std::array<std::string, Count> parameter_names(const char* const* names) {
    std::array<std::string, Count> result;
    std::copy_n(names, Count, result.begin());
    require_distinct(result);
    return result;
}

template <typename Callable>
inline constexpr CanStop can_stop = ToolKind<Callable>::can_stop ? CanStop::yes : CanStop::no;

}  // namespace detail

/// A guarded tool: takes the parameters of the tool and returns its result, once the policy or a person has allowed the
/// call.
///
/// Arguments are captured by value, so the tool runs with what was shown. If the tool takes a reference to the caller's
/// object, that object is set back to what was shown before the tool gets it. Immediately before the tool starts, its
/// arguments are converted to JSON again; if they differ from what was submitted, the call is refused as altered
/// (RequestAlteredError). For a tool that takes a Completion, the call returns or throws once the completion has its
/// answer. Copies share the tool. Calls from several threads are safe if the tool itself is thread-safe.
template <typename Callable, typename Result, typename... Parameters>
class Guarded {
    static_assert(!(detail::is_borrowed<Parameters> || ...),
                  "approvekit::guard: this tool takes a parameter that does not own its memory (a view, a span, a "
                  "pointer, or something that holds them), so that what was shown could change before it runs; take "
                  "owning types such as std::string and std::vector<std::string>");
    static_assert(((detail::becomes_json<Parameters> || detail::is_borrowed<Parameters>)&&...),
                  "approvekit::guard: every parameter of a guarded tool must be a value that nlohmann::json can hold; "
                  "give its type a to_json function");
    static_assert(!(detail::loses_in_json<Parameters> || ...),
                  "approvekit::guard: this tool takes a parameter of which JSON shows less than the tool would get (a "
                  "multimap, a long double, an integer of more than 64 bits); take a type that can be shown whole");
    static_assert(!(detail::may_return_captured<Result, Parameters> || ...),
                  "approvekit::guard: this tool could return a reference to one of its captured arguments; let it "
                  "return a value");
    static_assert(
        detail::returns_when_done<Result, Parameters...>,
        "approvekit::guard: this tool returns before its work has ended (a future, a thread, a coroutine, a task), so "
        "that the record would call it executed too early; let it wait for the end and return the result, or take an "
        "approvekit::Completion<Result> as its first parameter and say by that how the work ended");

    using Tool = detail::NamedTool<Callable, sizeof...(Parameters)>;
    using Call = detail::CapturedCall<Callable, Result, Parameters...>;

public:
    using Names = std::array<std::string, sizeof...(Parameters)>;

    Guarded(ApproveKit kit, std::string tool_name, Names names, Callable callable)
        : kit_(std::move(kit)),
          tool_name_(std::move(tool_name)),
          tool_(std::make_shared<Tool>(Tool{std::move(callable), std::move(names)})) {}

    /// Throws RefusedError when the call must not run, StorageError when the record fails, and what the tool throws. If
    /// a reviewer answered instead of letting the call run, returns the answer when it has the tool's type, and throws
    /// AnsweredError otherwise.
    Result operator()(Parameters... arguments) const {
        std::optional<CallEdit> edit;
        return detail::or_answer<Result>(
            [&]() -> Result { return run_noting(edit, std::forward<Parameters>(arguments)...); });
    }

    /// The same, but returns a refusal as a value.
    [[nodiscard]] Outcome<Result> attempt(Parameters... arguments) const {
        std::optional<CallEdit> edit;
        return detail::attempt<Result>(
                   [&]() -> Result { return run_noting(edit, std::forward<Parameters>(arguments)...); })
            .with(edit);
    }

    /// Submits the call now; the ticket waits for it later. References to the caller's objects are not kept: the tool
    /// gets copies.
    [[nodiscard]] Ticket<Result> submit(Parameters... arguments) const {
        Call call = capture(std::forward<Parameters>(arguments)...);
        PendingCall pending = kit_.submit(tool_name_, call.arguments(), tool_->names, detail::can_stop<Callable>);
        return Ticket<Result>(std::move(pending), std::move(call));
    }

    /// Returns a copy of the tool that stops waiting, with ApprovalCancelledError, when `stop` is requested; see
    /// PendingCall::wait(). Once the tool runs, `stop` is passed on to it if it takes a std::stop_token. The call then
    /// ends with RunStoppedError once the tool has ended.
    [[nodiscard]] Guarded with(std::stop_token stop) const {
        Guarded copy = *this;
        copy.stop_ = std::move(stop);
        return copy;
    }
    /// Returns a copy of the tool with a context for reviewers and the record.
    [[nodiscard]] Guarded with(approvekit::Call call) const {
        Guarded copy = *this;
        copy.kit_ = kit_.with(std::move(call));
        return copy;
    }

private:
    /// `edit` is to say what a reviewer changed.
    Result run_noting(std::optional<CallEdit>& edit, Parameters... arguments) const {
        Call call = capture(std::forward<Parameters>(arguments)...);
        Permit permit = kit_.admit(tool_name_, call.arguments(), stop_, tool_->names, detail::can_stop<Callable>);
        return detail::run_call<Call>(
            detail::with_edits(std::move(permit), call, edit), stop_, tool_,
            [&] { return call.arguments_for(arguments...); },
            [&](auto&&... control) -> typename Call::Returned {
                return call.run_for(arguments..., std::forward<decltype(control)>(control)...);
            });
    }

    template <typename... Arguments>
    [[nodiscard]] Call capture(Arguments&&... arguments) const {
        return {tool_, std::tuple<detail::Captured<Parameters>...>(std::forward<Arguments>(arguments)...)};
    }

    ApproveKit kit_;
    std::string tool_name_;
    std::shared_ptr<Tool> tool_;
    std::stop_token stop_;
};

/// A guarded tool whose first parameter is a JSON value. Reviewers see that value. Otherwise like Guarded.
template <typename Callable, typename Result, typename... Rest>
class GuardedJson {
    static_assert(
        detail::returns_when_done<Result, const Json&, Rest...>,
        "approvekit::guard: this tool returns before its work has ended (a future, a thread, a coroutine, a task), so "
        "that the record would call it executed too early; let it wait for the end and return the result, or take an "
        "approvekit::Completion<Result> as its first parameter and say by that how the work ended");

    using Call = detail::CapturedJsonCall<Callable, Result, Rest...>;

public:
    GuardedJson(ApproveKit kit, std::string tool_name, Callable callable)
        : kit_(std::move(kit)),
          tool_name_(std::move(tool_name)),
          callable_(std::make_shared<Callable>(std::move(callable))) {}

    Result operator()(const Json& arguments, Rest... rest) const {
        std::optional<CallEdit> edit;
        return detail::or_answer<Result>(
            [&]() -> Result { return run_noting(edit, arguments, std::forward<Rest>(rest)...); });
    }

    [[nodiscard]] Outcome<Result> attempt(const Json& arguments, Rest... rest) const {
        std::optional<CallEdit> edit;
        return detail::attempt<Result>(
                   [&]() -> Result { return run_noting(edit, arguments, std::forward<Rest>(rest)...); })
            .with(edit);
    }

    [[nodiscard]] Ticket<Result> submit(const Json& arguments, detail::Captured<Rest>... rest) const {
        return Ticket<Result>(kit_.submit(tool_name_, arguments, {}, detail::can_stop<Callable>),
                              Call{callable_, arguments, std::tuple(std::move(rest)...)});
    }

    [[nodiscard]] GuardedJson with(std::stop_token stop) const {
        GuardedJson copy = *this;
        copy.stop_ = std::move(stop);
        return copy;
    }
    [[nodiscard]] GuardedJson with(approvekit::Call call) const {
        GuardedJson copy = *this;
        copy.kit_ = kit_.with(std::move(call));
        return copy;
    }

private:
    friend class ApproveKit;

    /// Like operator(). Sets `edit` to what a reviewer changed.
    Result run_noting(std::optional<CallEdit>& edit, const Json& arguments, Rest... rest) const {
        detail::JsonArguments captured{arguments};
        Permit permit = kit_.admit(tool_name_, captured.value, stop_, {}, detail::can_stop<Callable>);
        return detail::run_call<Call>(
            detail::with_edits(std::move(permit), captured, edit), stop_, callable_,
            [&]() -> const Json& { return captured.value; },
            [&](auto&&... control) -> typename Call::Returned {
                return std::invoke(*callable_, std::forward<decltype(control)>(control)...,
                                   std::as_const(captured.value), std::forward<Rest>(rest)...);
            });
    }

    ApproveKit kit_;
    std::string tool_name_;
    std::shared_ptr<Callable> callable_;
    std::stop_token stop_;
};

/// A guarded tool whose parameter types are not fixed (a generic lambda, the result of std::bind_front): it takes as
/// many values as it has names, of any types.
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
        return typed<Arguments...>()(owned(std::forward<Arguments>(arguments))...);
    }

    template <typename... Arguments>
    [[nodiscard]] auto attempt(Arguments&&... arguments) const {
        return typed<Arguments...>().attempt(owned(std::forward<Arguments>(arguments))...);
    }

    template <typename... Arguments>
    [[nodiscard]] auto submit(Arguments&&... arguments) const {
        return typed<Arguments...>().submit(owned(std::forward<Arguments>(arguments))...);
    }

    [[nodiscard]] GuardedGeneric with(std::stop_token stop) const {
        GuardedGeneric copy = *this;
        copy.stop_ = std::move(stop);
        return copy;
    }
    [[nodiscard]] GuardedGeneric with(approvekit::Call call) const {
        GuardedGeneric copy = *this;
        copy.kit_ = kit_.with(std::move(call));
        return copy;
    }

private:
    /// The copy of an argument that the call keeps. A view of a text becomes a std::string.
    template <typename Argument>
    static detail::Captured<Argument> owned(Argument&& argument) {
        return detail::Captured<Argument>(std::forward<Argument>(argument));
    }

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

template <typename Result, typename Callable, typename... Parameters, std::size_t Count>
auto make_guarded(TypeList<Parameters...>, const ApproveKit& kit, std::string tool_name,
                  std::array<std::string, Count> names, Callable callable) {
    static_assert(sizeof...(Parameters) == Count,
                  "approvekit::guard: give exactly one name for each parameter of the tool");
    if constexpr (sizeof...(Parameters) == Count) {
        return Guarded<Callable, Result, Parameters...>(kit, std::move(tool_name), std::move(names),
                                                        std::move(callable));
    }
}

template <typename Result, typename Callable, typename First, typename... Rest>
auto make_guarded_json(TypeList<First, Rest...>, const ApproveKit& kit, std::string tool_name, Callable callable) {
    static_assert(std::is_same_v<std::decay_t<First>, Json>,
                  "approvekit::guard: name the parameters of this tool, or let its first one be const Json&");
    return GuardedJson<Callable, Result, Rest...>(kit, std::move(tool_name), std::move(callable));
}

}  // namespace detail

template <typename Callable, std::size_t Count>
auto ApproveKit::guard(std::string tool_name, const char* const (&names)[Count], Callable callable) const {
    using Signature = detail::Signature<Callable>;
    auto list = detail::parameter_names<Count>(names);
    if constexpr (Signature::known) {
        using Shape = detail::ShapeOf<Callable>;
        static_cast<void>(detail::RequireShape<Shape>());
        if constexpr (Shape::is_sound) {
            return detail::make_guarded<typename Shape::Answer>(typename Shape::Arguments{}, *this,
                                                                std::move(tool_name), std::move(list),
                                                                detail::shaped<Shape>(std::move(callable)));
        }
    } else {
        return GuardedGeneric<Callable, Count>(*this, std::move(tool_name), std::move(list), std::move(callable));
    }
}

template <typename Callable>
auto ApproveKit::guard(std::string tool_name, NoNames, Callable callable) const {
    if constexpr (detail::takes_control<Callable>()) {
        using Shape = detail::ShapeOf<Callable>;
        static_cast<void>(detail::RequireShape<Shape>());
        if constexpr (Shape::is_sound) {
            return detail::make_guarded<typename Shape::Answer>(typename Shape::Arguments{}, *this,
                                                                std::move(tool_name), std::array<std::string, 0>{},
                                                                detail::shaped<Shape>(std::move(callable)));
        }
    } else {
        static_assert(std::is_invocable_v<Callable&>,
                      "approvekit::guard: give exactly one name for each parameter of the tool");
        using Result = std::invoke_result_t<Callable&>;
        return Guarded<Callable, Result>(*this, std::move(tool_name), {}, std::move(callable));
    }
}

template <typename Object, typename Member, std::size_t Count>
auto ApproveKit::guard(std::string tool_name, const char* const (&names)[Count], Member member, Object& object) const {
    using Signature = detail::Signature<Member>;
    static_assert(Signature::known, "approvekit::guard: pass a pointer to a member function that is not overloaded");
    return guard(std::move(tool_name), names,
                 detail::bind_member<typename Signature::Result>(typename Signature::Parameters{}, member,
                                                                 std::addressof(object)));
}

template <typename Object, typename Member, std::size_t Count>
auto ApproveKit::guard(std::string tool_name, const char* const (&names)[Count], Member member,
                       std::shared_ptr<Object> object) const {
    using Signature = detail::Signature<Member>;
    static_assert(Signature::known, "approvekit::guard: pass a pointer to a member function that is not overloaded");
    return guard(
        std::move(tool_name), names,
        detail::bind_member<typename Signature::Result>(typename Signature::Parameters{}, member, std::move(object)));
}

template <typename Callable>
auto ApproveKit::guard(std::string tool_name, Callable callable) const {
    using Signature = detail::Signature<Callable>;
    static_assert(Signature::known,
                  "approvekit::guard: name the parameters of this tool, or let its first one be const Json&");
    using Shape = detail::ShapeOf<Callable>;
    if constexpr (Shape::size == 0) {
        return guard(std::move(tool_name), NoNames{}, std::move(callable));
    } else {
        static_cast<void>(detail::RequireShape<Shape>());
        if constexpr (Shape::is_sound) {
            return detail::make_guarded_json<typename Shape::Answer>(
                typename Shape::Arguments{}, *this, std::move(tool_name), detail::shaped<Shape>(std::move(callable)));
        }
    }
}

}  // namespace approvekit

#include "approvekit/detail/kit_call.hpp"
