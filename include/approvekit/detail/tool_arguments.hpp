#pragma once

#include "approvekit/detail/capture.hpp"
#include "approvekit/detail/completion_state.hpp"
#include "approvekit/detail/container_json.hpp"
#include "approvekit/detail/signature.hpp"
#include "approvekit/detail/tool_json.hpp"
#include "approvekit/detail/tool_shape.hpp"
#include "approvekit/detail/tool_types.hpp"
#include "approvekit/error.hpp"
#include "approvekit/json.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace approvekit::detail {

/// The part of a registered tool's parameter that does not depend on types.
struct ParameterText {
    std::string name;
    std::string description;
    Json schema;
    bool nullable = false;          ///< null is an allowed value
    std::optional<Json> otherwise;  ///< the value if the model leaves it out
};

/// Throws ArgumentMismatch when a model wrote something other than an object.
void require_argument_object(const Json& arguments);

/// Picks the arguments of one call by name, and collects what is wrong with them.
class ArgumentReader {
public:
    /// Notes members that are not arguments of the tool. Holds references to both. Throws ArgumentMismatch if it is not
    /// an object.
    ArgumentReader(const std::vector<ParameterText>& parameters, const Json& arguments);

    template <typename Parameter>
    [[nodiscard]] std::optional<Captured<Parameter>> read(std::size_t index) {
        using Type = Captured<Parameter>;
        const Json* const value = find(index);
        if (value == nullptr) return std::nullopt;
        try {
            if (ends_at_nul<Parameter>) require_no_nul(*value, place(index));
            return std::optional<Type>(std::in_place, ToolJson<Type>::read(*value, place(index)));
        } catch (const ArgumentMismatch& mismatch) {
            note(mismatch.what());
            return std::nullopt;
        }
    }

    /// Throws ArgumentMismatch if something was noted.
    void finish() const;

private:
    [[nodiscard]] const Json* find(std::size_t index);
    [[nodiscard]] ArgumentPlace place(std::size_t index) const;
    void note(const std::string& problem);

    const std::vector<ParameterText>& parameters_;
    const Json& arguments_;
    std::string problems_;
};

/// The schema of a tool's arguments. Throws Error (invalid_option) for a name that appears twice.
[[nodiscard]] Json schema_of(const std::vector<ParameterText>& parameters);

template <typename Parameter>
inline constexpr bool is_bare = holds_within<BareEnum, Captured<Parameter>>;

/// Whether a tool's parameter of this type can be read from a model's JSON.
template <typename Parameter>
inline constexpr bool is_argument =
    !is_borrowed<Parameter> && !loses_in_json<Parameter> && !is_bare<Parameter> && ToolJson<Captured<Parameter>>::known;

/// Says why it cannot. `Position` counts from 1.
template <std::size_t Position, typename Parameter>
struct ParameterAt {
    static constexpr bool borrows = is_borrowed<Parameter>;
    static constexpr bool loses = loses_in_json<Parameter>;
    static constexpr bool bare = is_bare<Parameter>;

    static_assert(!borrows,
                  "approvekit::Tools: the parameter at the position that ParameterAt<...> begins with does not own its "
                  "memory (a view, a span, a pointer, or something that holds them); take owning types such as "
                  "std::string and std::vector<std::string>");
    static_assert(borrows || !loses,
                  "approvekit::Tools: of the parameter at the position that ParameterAt<...> begins with, JSON shows "
                  "less than the tool would get; take a type that can be shown whole");
    static_assert(borrows || loses || !bare,
                  "approvekit::Tools: the parameter at the position that ParameterAt<...> begins with is an "
                  "enumeration without names, which a reviewer would see as a number; name its values with "
                  "NLOHMANN_JSON_SERIALIZE_ENUM");
    static_assert(borrows || loses || bare || is_argument<Parameter>,
                  "approvekit::Tools: the parameter at the position that ParameterAt<...> begins with cannot be read "
                  "from JSON and written to it; give its type to_json and from_json functions");
};

template <typename Result>
constexpr bool can_answer() {
    if constexpr (std::is_void_v<Result>) {
        return true;
    } else {
        using Value = std::remove_cvref_t<Result>;
        return std::is_constructible_v<Json, const Value&> || ToolJson<Value>::known;
    }
}

/// Whether a callable takes the model's object as JSON; one that converts it to a number does not.
template <typename Parameters>
inline constexpr bool takes_json = false;

template <typename First>
inline constexpr bool takes_json<TypeList<First>> =
    std::is_same_v<std::decay_t<First>, Json>&& std::is_convertible_v<const Json&, First>;

template <typename Callable>
constexpr bool is_json_tool() {
    if constexpr (Signature<Callable>::known) {
        return takes_json<typename ShapeOf<Callable>::Arguments>;
    } else {
        return std::is_invocable_v<Callable&, const Json&>;
    }
}

/// Whether a tool with this result and these parameters can be registered.
template <typename Result, typename Parameters>
inline constexpr bool is_registrable = false;

template <typename Result, typename... Parameters>
inline constexpr bool is_registrable<Result, TypeList<Parameters...>> =
    can_answer<Result>() && returns_when_done<Result, Parameters...> && (is_argument<Parameters> && ...);

/// Says why it cannot.
template <typename Result, typename... Parameters, std::size_t... Index>
void require_registrable(TypeList<Parameters...>, std::index_sequence<Index...>) {
    constexpr bool ends = returns_when_done<Result, Parameters...>;
    static_assert(can_answer<Result>() || !ends,
                  "approvekit::Tools: what this tool returns cannot become JSON for the model; return void, or a type "
                  "that has a to_json function");
    static_assert(
        ends,
        "approvekit::Tools: this tool returns before its work has ended (a future, a thread, a coroutine, a task), so "
        "that the record would call it executed too early; let it wait for the end and return the result, or take an "
        "approvekit::Completion<Result> as its first parameter and say by that how the work ended");
    (static_cast<void>(ParameterAt<Index + 1, Parameters>()), ...);
}

/// What the model gets for a result that cannot be converted to JSON.
inline constexpr const char* unshown_result = "The tool ran; its result cannot be shown.";

/// A tool's result for the model; null for void.
template <typename Result>
Json answer_of(const Result& result) {
    if constexpr (ToolJson<Result>::known) {
        return ToolJson<Result>::write(result);
    } else {
        return Json(result);
    }
}

/// The same for a tool that has run: it has not failed just because its result cannot be shown.
template <typename Result>
Json shown_answer(const Result& result) {
    try {
        return detail::answer_of(result);
    } catch (...) {
        return unshown_result;
    }
}

/// For a model, which gets the result as JSON and every exception described in ApproveKit's own words.
template <typename Answer>
class RunForModel final : public CompletionState<Answer> {
public:
    using CompletionState<Answer>::CompletionState;
    using Value = typename CompletionState<Answer>::Value;

    /// As RunOf::take.
    Json take() { return promise_.get_future().get(); }

private:
    void keep_result(Value result) override {
        if constexpr (std::is_void_v<Answer>) {
            promise_.set_value(nullptr);
        } else {
            promise_.set_value(detail::shown_answer(result));
        }
    }
    [[nodiscard]] std::optional<Json> recorded_of(const Value& result) const override {
        if constexpr (std::is_void_v<Answer>) {
            return Json();
        } else {
            return detail::shown_answer(result);
        }
    }
    void keep_error(std::exception_ptr error) noexcept override { promise_.set_exception(std::move(error)); }
    [[nodiscard]] bool speaks_to_model() const noexcept override { return true; }

    std::promise<Json> promise_;
};

/// Runs `work` and describes everything that it throws in ApproveKit's own words.
template <typename Work>
decltype(auto) run_in_own_words(Work& work) {
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(ErrorCode::tool_failed, error.what());
    }
}

/// The same with its result for the model.
template <typename Work>
Json run_for_model(Work&& work) {
    using Result = std::invoke_result_t<Work&>;
    if constexpr (std::is_void_v<Result>) {
        run_in_own_words(work);
        return nullptr;
    } else {
        Result result = run_in_own_words(work);
        return shown_answer<std::remove_cvref_t<Result>>(result);
    }
}

/// The data that all calls of a registered tool share.
template <typename Callable>
struct RegisteredCallable {
    Callable callable;
    std::vector<ParameterText> parameters;
};

/// A registered tool with the arguments of one call, read from a model's JSON.
template <typename Callable, typename Answer, typename... Parameters>
class ConvertedCall {
public:
    using Kind = ToolKind<Callable>;
    using Completed = Answer;
    using Result = Json;
    using Run = RunForModel<Answer>;

    /// Throws ArgumentMismatch, which says for each wrong argument what was expected.
    ConvertedCall(std::shared_ptr<RegisteredCallable<Callable>> tool, const Json& arguments)
        : tool_(std::move(tool)),
          values_(read(tool_->parameters, arguments, std::index_sequence_for<Parameters...>())) {}

    [[nodiscard]] std::shared_ptr<const void> owner() const { return tool_; }
    [[nodiscard]] Json arguments() const { return write(std::index_sequence_for<Parameters...>()); }

    /// Throws ArgumentMismatch as the constructor does.
    void take_edited(const Json& edited) {
        if constexpr (std::is_move_assignable_v<Values>) {
            values_ = read(tool_->parameters, edited, std::index_sequence_for<Parameters...>());
        } else {
            throw ArgumentMismatch("its arguments cannot be replaced");
        }
    }

    /// `control` are the tool's parameters that are not arguments.
    template <typename... Control>
    auto run(Control&&... control) {
        const auto call = [&]() -> decltype(auto) {
            return std::apply(
                [&](auto&... values) -> decltype(auto) {
                    return std::invoke(tool_->callable, std::forward<Control>(control)..., pass<Parameters>(values)...);
                },
                values_);
        };
        if constexpr (Kind::ends_later) {
            call();
        } else {
            return run_for_model(call);
        }
    }

private:
    using Values = std::tuple<Captured<Parameters>...>;

    template <std::size_t... Index>
    static Values read(const std::vector<ParameterText>& parameters, const Json& arguments,
                       std::index_sequence<Index...>) {
        ArgumentReader reader(parameters, arguments);
        std::tuple<std::optional<Captured<Parameters>>...> found{reader.read<Parameters>(Index)...};
        reader.finish();
        return Values(std::move(*std::get<Index>(found))...);
    }

    template <std::size_t... Index>
    [[nodiscard]] Json write(std::index_sequence<Index...>) const {
        Json object = Json::object();
        ((object[tool_->parameters[Index].name] = ToolJson<Captured<Parameters>>::write(std::get<Index>(values_))),
         ...);
        return object;
    }

    std::shared_ptr<RegisteredCallable<Callable>> tool_;
    Values values_;
};

/// A registered tool that takes its arguments as JSON.
template <typename Callable, typename Answer>
class JsonCall {
public:
    using Kind = ToolKind<Callable>;
    using Completed = Answer;
    using Result = Json;
    using Run = RunForModel<Answer>;

    /// Throws ArgumentMismatch for what is no object.
    JsonCall(std::shared_ptr<RegisteredCallable<Callable>> tool, const Json& arguments)
        : tool_(std::move(tool)), arguments_(arguments) {
        require_argument_object(arguments);
    }

    [[nodiscard]] std::shared_ptr<const void> owner() const { return tool_; }
    [[nodiscard]] Json arguments() const { return arguments_; }
    void take_edited(const Json& edited) { arguments_ = edited; }
    template <typename... Control>
    auto run(Control&&... control) {
        const auto call = [&]() -> decltype(auto) {
            return std::invoke(tool_->callable, std::forward<Control>(control)..., std::as_const(arguments_));
        };
        if constexpr (Kind::ends_later) {
            call();
        } else {
            return run_for_model(call);
        }
    }

private:
    std::shared_ptr<RegisteredCallable<Callable>> tool_;
    Json arguments_;
};

}  // namespace approvekit::detail
