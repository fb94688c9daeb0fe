#pragma once

#include "approvekit/json.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace approvekit::testing {

/// An OpenAPI file, and the part of JSON Schema that ours uses. Throws if the file is not what it should be.
class OpenApi {
public:
    explicit OpenApi(const std::filesystem::path& path) : document_(to_json(YAML::LoadFile(path.string()))) {}

    [[nodiscard]] const Json& paths() const { return document_.at("paths"); }

    /// The node itself, or the node that its $ref names.
    [[nodiscard]] const Json& follow(const Json& node) const {
        if (!node.is_object() || !node.contains("$ref")) return node;
        return document_.at(Json::json_pointer(node["$ref"].get<std::string>().substr(1)));
    }

    /// What is wrong with `value` according to the schema, each fault with its place.
    [[nodiscard]] std::vector<std::string> faults(const Json& schema, const Json& value) const {
        std::vector<std::string> found;
        check(follow(schema), value, "", found);
        return found;
    }

private:
    using Faults = std::vector<std::string>;

    static Json to_json(const YAML::Node& node) {
        Json json;
        if (node.IsMap()) {
            json = Json::object();
            for (const auto& member : node)
                json[member.first.Scalar()] = to_json(member.second);
        } else if (node.IsSequence()) {
            json = Json::array();
            for (const auto& item : node)
                json.push_back(to_json(item));
        } else if (node.IsScalar()) {
            json = node.Tag() == "!" ? Json(node.Scalar()) : plain_scalar(node.Scalar());
        }
        return json;
    }

    static Json plain_scalar(const std::string& text) {
        const Json parsed = Json::parse(text, nullptr, false);
        return parsed.is_boolean() || parsed.is_number() || parsed.is_null() ? parsed : Json(text);
    }

    void check(const Json& schema, const Json& value, const std::string& place, Faults& found) const {
        if (schema.contains("type") && !has_type(schema["type"], value)) {
            found.push_back(place + " is " + value.dump() + ", not " + schema["type"].dump());
            return;
        }
        if (schema.contains("enum") && !contains(schema["enum"], value)) {
            found.push_back(place + " is " + value.dump() + ", none of " + schema["enum"].dump());
        }
        if (value.is_string() && schema.contains("pattern") &&
            !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>()))) {
            found.push_back(place + " is " + value.dump() + ", which has another form");
        }
        if (value.is_object()) check_members(schema, value, place, found);
        if (value.is_array() && schema.contains("items")) check_items(follow(schema["items"]), value, place, found);
    }

    void check_members(const Json& schema, const Json& value, const std::string& place, Faults& found) const {
        for (const Json& name : schema.value("required", Json::array())) {
            if (!value.contains(name.get<std::string>())) found.push_back(place + " lacks " + name.dump());
        }
        const Json known = schema.value("properties", Json::object());
        for (const auto& [name, member] : value.items()) {
            if (known.contains(name)) {
                check(follow(known[name]), member, place + "/" + name, found);
            } else if (!schema.value("additionalProperties", true)) {
                found.push_back(place + " has " + name + ", which is not documented");
            }
        }
    }

    void check_items(const Json& schema, const Json& value, const std::string& place, Faults& found) const {
        for (std::size_t index = 0; index < value.size(); ++index)
            check(schema, value[index], place + "/" + std::to_string(index), found);
    }

    static bool has_type(const Json& type, const Json& value) {
        if (type.is_array()) {
            return std::any_of(type.begin(), type.end(), [&](const Json& one) { return has_type(one, value); });
        }
        return type == "integer" ? value.is_number_integer() : type == value.type_name();
    }

    static bool contains(const Json& list, const Json& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    }

    Json document_;
};

}  // namespace approvekit::testing
