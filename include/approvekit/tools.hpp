#pragma once

#include "approvekit/approve_kit.hpp"
#include "approvekit/detail/tool_arguments.hpp"
#include "approvekit/guard.hpp"
#include "approvekit/ticket.hpp"

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace approvekit {

/// A name with a description for the model. A plain value.
struct Described {
    Described(const char* the_name, std::string the_description = {})
        : name(the_name), description(std::move(the_description)) {}
    Described(std::string the_name, std::string the_description = {})
        : name(std::move(the_name)), description(std::move(the_description)) {}

    std::string name;
    std::string description;
};

/// A parameter of a registered tool: `"reference"`, `{"reference", "Shown on the statement"}`, or, for one that the
/// model may leave out, `Parameter("urgent").otherwise(false)`. A std::optional may always be left out. A plain value.
struct Parameter : Described {
    using Described::Described;

    /// Returns a copy with the value to use when the model leaves the parameter out. It must be a value of the
    /// parameter's type.
    template <typename Value>
    [[nodiscard]] Parameter otherwise(const Value& value) const {
        Parameter copy = *this;
        copy.fallback = detail::ToolJson<detail::Captured<const Value&>>::write(value);
        return copy;
    }

    std::optional<Json> fallback;
};

/// A submitted call of a registered tool. Like Ticket, but attempt() returns an answer for the model for anything that
/// the tool throws and that derives from std::exception.
class ToolTicket : public Ticket<Json> {
public:
    using Ticket<Json>::Ticket;
    explicit ToolTicket(PendingCall refused) : Ticket<Json>(std::move(refused)) {}

    /// Throws StorageError, MisuseError, and exceptions of the tool that do not derive from std::exception.
    [[nodiscard]] Outcome<Json> attempt(std::stop_token stop = {});
};

namespace detail {

/// A tool that models may call, with any parameter types.
class RegisteredTool {
public:
    RegisteredTool(Described text, Json schema) : text_(std::move(text)), schema_(std::move(schema)) {}
    virtual ~RegisteredTool() = default;
    RegisteredTool(const RegisteredTool&) = delete;
    RegisteredTool& operator=(const RegisteredTool&) = delete;

    /// Throws RefusedError when `arguments` do not fit or the policy denies the call, and StorageError.
    [[nodiscard]] virtual ToolTicket submit(const ApproveKit& kit, const Json& arguments) const = 0;

    [[nodiscard]] const Described& text() const noexcept { return text_; }
    [[nodiscard]] const Json& schema() const noexcept { return schema_; }

private:
    Described text_;
    Json schema_;
};

/// `Bound` is a call of `Callable` that knows how to read its arguments.
template <typename Callable, typename Bound>
class RegisteredToolOf final : public RegisteredTool {
public:
    RegisteredToolOf(Described text, Json schema, RegisteredCallable<Callable> tool)
        : RegisteredTool(std::move(text), std::move(schema)),
          tool_(std::make_shared<RegisteredCallable<Callable>>(std::move(tool))) {
        for (const ParameterText& parameter : tool_->parameters)
            order_.push_back(parameter.name);
    }

    [[nodiscard]] ToolTicket submit(const ApproveKit& kit, const Json& arguments) const override {
        auto [call, shown] = bind(kit, arguments);
        PendingCall pending = kit.submit(text().name, shown, order_, can_stop<Callable>);
        return {std::move(pending), std::move(call)};
    }

private:
    /// The call, and its arguments as reviewers see them.
    [[nodiscard]] std::pair<Bound, Json> bind(const ApproveKit& kit, const Json& arguments) const {
        try {
            Bound call(tool_, arguments);
            Json shown = call.arguments();
            return {std::move(call), std::move(shown)};
        } catch (const ArgumentMismatch& mismatch) {
            throw kit.refuse_arguments(text().name, arguments, mismatch.what());
        } catch (const std::exception& error) {  // a class of the tool's own that cannot be shown
            throw kit.refuse_arguments(text().name, arguments, std::string("they cannot be shown: ") + error.what());
        }
    }

    std::vector<std::string> order_;
    std::shared_ptr<RegisteredCallable<Callable>> tool_;
};

}  // namespace detail

/// The tools that a model may call, by name and with the JSON that the model wrote.
///
/// Arguments are converted to the types of the tool before anybody is asked. A call that could never run is answered to
/// the model at once. Reviewers see the converted values, written back to JSON, including the values of omitted
/// parameters.
///
/// Copies share the tools. call() and submit() are thread-safe if the tools are; add() needs exclusive access.
class Tools {
public:
    explicit Tools(ApproveKit kit) : kit_(std::move(kit)) {}

    /// Returns the same tools with this context for every call.
    [[nodiscard]] Tools with(Call call) const {
        Tools copy = *this;
        copy.kit_ = kit_.with(std::move(call));
        return copy;
    }

    /// Registers a callable: `tools.add("pay", {"payment", "reference"}, pay)`.
    ///
    /// Its parameters may be numbers, texts, paths, enumerations with names (NLOHMANN_JSON_SERIALIZE_ENUM), durations
    /// ("90s", "1h30min"), times ("2026-01-31T09:05:00Z"), classes with to_json and from_json, and std::optional,
    /// std::variant, lists, maps, pairs and tuples of these. A Completion before them and a std::stop_token after them
    /// have no names and are not shown to the model. Throws Error (invalid_option) when a name appears twice, and for a
    /// fallback that does not have the type of its parameter; the registry is then unchanged.
    template <typename Callable, std::size_t Count>
    Tools& add(Described tool, const Parameter (&parameters)[Count], Callable callable);
    template <typename Callable>
    Tools& add(Described tool, NoNames, Callable callable);

    /// Registers a member function of `object`, which must outlive the registry.
    template <typename Object, typename Member, std::size_t Count>
    Tools& add(Described tool, const Parameter (&parameters)[Count], Member member, Object& object);
    /// The same, for an object that the registry shares ownership of.
    template <typename Object, typename Member, std::size_t Count>
    Tools& add(Described tool, const Parameter (&parameters)[Count], Member member, std::shared_ptr<Object> object);

    /// Registers a callable whose only argument is `const Json&`: the object that the model wrote.
    template <typename Callable>
    Tools& add(Described tool, Callable callable);

    /// Calls a tool and waits. A refusal, wrong arguments, an unknown name and an exception of the tool all become an
    /// answer to the model: Outcome::text_for_model(). Throws StorageError, since nothing may run without a record.
    [[nodiscard]] Outcome<Json> call(std::string_view tool_name, std::string_view arguments,
                                     std::stop_token stop = {}) const;
    template <std::same_as<Json> Arguments>
    [[nodiscard]] Outcome<Json> call(std::string_view tool_name, const Arguments& arguments,
                                     std::stop_token stop = {}) const {
        return submit(tool_name, arguments).attempt(std::move(stop));
    }

    /// The same, but does not wait.
    [[nodiscard]] ToolTicket submit(std::string_view tool_name, std::string_view arguments) const;
    template <std::same_as<Json> Arguments>
    [[nodiscard]] ToolTicket submit(std::string_view tool_name, const Arguments& arguments) const {
        return submit_json(tool_name, arguments);
    }

    /// The tools, in the order of add(), in the format that model APIs take: name, description and the JSON Schema of
    /// the arguments, as far as the types define it. For OpenAI and compatible APIs: `[{"type": "function", "function":
    /// {...}}]`.
    [[nodiscard]] Json for_openai() const;
    /// For MCP, the `tools` of a tools/list result: `[{"name": ..., "inputSchema": ...}]`.
    [[nodiscard]] Json for_mcp() const;

private:
    template <typename Shape, typename Callable>
    void add_shaped(Described tool, const Parameter* parameters, Callable callable);
    template <typename Answer, typename Callable>
    void add_json(Described tool, Callable callable);
    void insert(std::shared_ptr<const detail::RegisteredTool> tool);
    [[nodiscard]] ToolTicket submit_json(std::string_view tool_name, const Json& arguments) const;
    [[nodiscard]] const detail::RegisteredTool& find(std::string_view tool_name) const;

    ApproveKit kit_;
    std::vector<std::shared_ptr<const detail::RegisteredTool>> tools_;
    std::map<std::string, std::size_t, std::less<>> places_;
};

namespace detail {

template <typename Type>
ParameterText parameter_text(const Parameter& parameter) {
    using Convert = ToolJson<Type>;
    if (parameter.fallback) {
        try {
            static_cast<void>(Convert::read(*parameter.fallback, ArgumentPlace(parameter.name)));
        } catch (const ArgumentMismatch& mismatch) {
            throw Error(ErrorCode::invalid_option,
                        std::string("Tools: what is otherwise taken for ") + mismatch.what());
        }
    }
    return {parameter.name, parameter.description, Convert::schema(), Convert::nullable, parameter.fallback};
}

template <typename Answer, typename Callable, typename... Parameters>
std::shared_ptr<const RegisteredTool> make_tool(TypeList<Parameters...>, Described tool, const Parameter* parameters,
                                                Callable callable) {
    RegisteredCallable<Callable> shared{std::move(callable), {}};
    (shared.parameters.push_back(parameter_text<Captured<Parameters>>(*parameters++)), ...);
    Json schema = schema_of(shared.parameters);
    return std::make_shared<RegisteredToolOf<Callable, ConvertedCall<Callable, Answer, Parameters...>>>(
        std::move(tool), std::move(schema), std::move(shared));
}

}  // namespace detail

template <typename Callable, std::size_t Count>
Tools& Tools::add(Described tool, const Parameter (&parameters)[Count], Callable callable) {
    using Signature = detail::Signature<Callable>;
    static_assert(Signature::known,
                  "approvekit::Tools: the types of this tool's parameters cannot be told; wrap it in a lambda that "
                  "names them");
    if constexpr (Signature::known) {
        using Shape = detail::ShapeOf<Callable>;
        constexpr bool is_sound = Shape::is_sound;
        static_cast<void>(detail::RequireShape<Shape>());
        static_assert(!is_sound || Shape::size == Count,
                      "approvekit::Tools: give exactly one name for each parameter of the tool");
        if constexpr (is_sound && Shape::size == Count) {
            add_shaped<Shape>(std::move(tool), parameters, std::move(callable));
        }
    }
    return *this;
}

template <typename Callable>
Tools& Tools::add(Described tool, NoNames, Callable callable) {
    constexpr bool takes_control = detail::takes_control<Callable>();
    constexpr bool is_invocable = takes_control || std::is_invocable_v<Callable&>;
    static_assert(is_invocable, "approvekit::Tools: give exactly one name for each parameter of the tool");
    if constexpr (takes_control) {
        using Shape = detail::ShapeOf<Callable>;
        static_cast<void>(detail::RequireShape<Shape>());
        if constexpr (Shape::is_sound) {
            static_assert(Shape::size == 0, "approvekit::Tools: give exactly one name for each parameter of the tool");
            if constexpr (Shape::size == 0) add_shaped<Shape>(std::move(tool), nullptr, std::move(callable));
        }
    } else if constexpr (is_invocable) {
        using Shape = detail::ToolShape<std::invoke_result_t<Callable&>, detail::TypeList<>>;
        add_shaped<Shape>(std::move(tool), nullptr, std::move(callable));
    }
    return *this;
}

template <typename Object, typename Member, std::size_t Count>
Tools& Tools::add(Described tool, const Parameter (&parameters)[Count], Member member, Object& object) {
    using Signature = detail::Signature<Member>;
    static_assert(Signature::known, "approvekit::Tools: pass a pointer to a member function that is not overloaded");
    return add(std::move(tool), parameters,
               detail::bind_member<typename Signature::Result>(typename Signature::Parameters{}, member,
                                                               std::addressof(object)));
}

template <typename Object, typename Member, std::size_t Count>
Tools& Tools::add(Described tool, const Parameter (&parameters)[Count], Member member, std::shared_ptr<Object> object) {
    using Signature = detail::Signature<Member>;
    static_assert(Signature::known, "approvekit::Tools: pass a pointer to a member function that is not overloaded");
    return add(
        std::move(tool), parameters,
        detail::bind_member<typename Signature::Result>(typename Signature::Parameters{}, member, std::move(object)));
}

template <typename Callable>
Tools& Tools::add(Described tool, Callable callable) {
    constexpr bool takes_json = detail::is_json_tool<Callable>();
    static_assert(takes_json,
                  "approvekit::Tools: name the parameters of this tool, or let its only one be const Json&");
    if constexpr (takes_json && detail::takes_control<Callable>()) {
        using Shape = detail::ShapeOf<Callable>;
        static_cast<void>(detail::RequireShape<Shape>());
        if constexpr (Shape::is_sound) {
            add_json<typename Shape::Answer>(std::move(tool), detail::shaped<Shape>(std::move(callable)));
        }
    } else if constexpr (takes_json) {
        add_json<std::invoke_result_t<Callable&, const Json&>>(std::move(tool), std::move(callable));
    }
    return *this;
}

template <typename Shape, typename Callable>
void Tools::add_shaped(Described tool, const Parameter* parameters, Callable callable) {
    using Arguments = typename Shape::Arguments;
    using Answer = typename Shape::Answer;
    detail::require_registrable<Answer>(Arguments{}, std::make_index_sequence<Shape::size>());
    if constexpr (detail::is_registrable<Answer, Arguments>) {
        insert(detail::make_tool<Answer>(Arguments{}, std::move(tool), parameters,
                                         detail::shaped<Shape>(std::move(callable))));
    }
}

template <typename Answer, typename Callable>
void Tools::add_json(Described tool, Callable callable) {
    using Arguments = detail::TypeList<const Json&>;
    detail::require_registrable<Answer>(Arguments{}, std::index_sequence<0>());
    if constexpr (detail::is_registrable<Answer, Arguments>) {
        insert(std::make_shared<detail::RegisteredToolOf<Callable, detail::JsonCall<Callable, Answer>>>(
            std::move(tool), Json{{"type", "object"}}, detail::RegisteredCallable<Callable>{std::move(callable), {}}));
    }
}

}  // namespace approvekit
