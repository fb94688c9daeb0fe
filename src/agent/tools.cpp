#include "approvekit/tools.hpp"

#include "agent/agent.hpp"

#include <algorithm>
#include <exception>

namespace approvekit {
namespace {

std::string quoted_key(const std::string& key) {
    return Json(key).dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Values, typename Name>
std::string listed(const Values& values, const Name& name_of) {
    std::string text;
    for (const auto& value : values)
        text += (text.empty() ? "" : ", ") + name_of(value);
    return text.empty() ? "none" : text;
}

std::string parameter_name(const detail::ParameterText& parameter) {
    return parameter.name;
}

}  // namespace

namespace detail {

void require_argument_object(const Json& arguments) {
    if (!arguments.is_object()) throw ArgumentMismatch("expected the arguments as one JSON object");
}

ArgumentReader::ArgumentReader(const std::vector<ParameterText>& parameters, const Json& arguments)
    : parameters_(parameters), arguments_(arguments) {
    require_argument_object(arguments);
    for (const auto& [key, value] : arguments.items()) {
        const auto is_meant = [&name = key](const ParameterText& parameter) { return parameter.name == name; };
        if (std::any_of(parameters.begin(), parameters.end(), is_meant)) continue;
        note(quoted_key(key) + ": no such argument; there are: " + listed(parameters, parameter_name));
    }
}

const Json* ArgumentReader::find(std::size_t index) {
    static const Json null;
    const ParameterText& parameter = parameters_[index];
    const auto found = arguments_.find(parameter.name);
    const bool given = found != arguments_.end() && (parameter.nullable || !found->is_null());
    if (given) return &*found;
    if (parameter.otherwise) return &*parameter.otherwise;
    if (found != arguments_.end()) return &*found;  // null; the error can then say what was expected
    if (parameter.nullable) return &null;
    note(parameter.name + ": missing");
    return nullptr;
}

ArgumentPlace ArgumentReader::place(std::size_t index) const {
    return ArgumentPlace(parameters_[index].name);
}

void ArgumentReader::note(const std::string& problem) {
    problems_ += (problems_.empty() ? "" : "; ") + problem;
}

void ArgumentReader::finish() const {
    if (!problems_.empty()) throw ArgumentMismatch(problems_);
}

Json schema_of(const std::vector<ParameterText>& parameters) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const ParameterText& parameter : parameters) {
        if (properties.contains(parameter.name)) {
            throw Error(ErrorCode::invalid_option, "Tools: two parameters are named " + parameter.name);
        }
        Json& property = properties[parameter.name] = parameter.schema;
        if (!parameter.description.empty()) property["description"] = parameter.description;
        if (parameter.otherwise) property["default"] = *parameter.otherwise;
        if (!parameter.otherwise && !parameter.nullable) required.push_back(parameter.name);
    }
    Json schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

}  // namespace detail

Outcome<Json> ToolTicket::attempt(std::stop_token stop) {
    try {
        return Ticket<Json>::attempt(std::move(stop));
    } catch (const OutcomeUnknownError& error) {
        Refusal refusal;
        refusal.code = error.code();
        refusal.message = error.what();
        refusal.request_id = request_id();
        refusal.ran = true;
        return Outcome<Json>(std::move(refusal)).with(edit());
    }
}

Outcome<Json> Tools::call(std::string_view tool_name, std::string_view arguments, std::stop_token stop) const {
    return submit(tool_name, arguments).attempt(std::move(stop));
}

ToolTicket Tools::submit(std::string_view tool_name, std::string_view arguments) const {
    try {
        static_cast<void>(find(tool_name));
        return submit_json(tool_name, kit_.parse_arguments(tool_name, arguments));
    } catch (const RefusedError&) {
        return ToolTicket(PendingCall::refused(std::current_exception()));
    }
}

ToolTicket Tools::submit_json(std::string_view tool_name, const Json& arguments) const {
    try {
        return find(tool_name).submit(kit_, arguments);
    } catch (const RefusedError&) {
        return ToolTicket(PendingCall::refused(std::current_exception()));
    }
}

const detail::RegisteredTool& Tools::find(std::string_view tool_name) const {
    if (const auto place = places_.find(tool_name); place != places_.end()) return *tools_[place->second];
    const auto name_of = [](const auto& tool) { return tool->text().name; };
    const UnknownToolError refusal(std::string(tool_name.substr(0, 256)), listed(tools_, name_of));
    kit_.tell_refused(refusal);
    throw refusal;
}

void Tools::insert(std::shared_ptr<const detail::RegisteredTool> tool) {
    const std::string& name = tool->text().name;
    tools_.reserve(tools_.size() + 1);
    if (!places_.emplace(name, tools_.size()).second) {
        throw Error(ErrorCode::invalid_option, "Tools: two tools are named " + name);
    }
    tools_.push_back(std::move(tool));
}

Json Tools::for_openai() const {
    Json list = Json::array();
    for (const auto& tool : tools_) {
        Json function = {{"name", tool->text().name}, {"parameters", tool->schema()}};
        if (!tool->text().description.empty()) function["description"] = tool->text().description;
        list.push_back({{"type", "function"}, {"function", std::move(function)}});
    }
    return list;
}

Json Tools::for_mcp() const {
    Json list = Json::array();
    for (const auto& tool : tools_) {
        Json entry = {{"name", tool->text().name}, {"inputSchema", tool->schema()}};
        if (!tool->text().description.empty()) entry["description"] = tool->text().description;
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace approvekit
