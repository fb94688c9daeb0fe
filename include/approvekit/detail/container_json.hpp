#pragma once

#include "approvekit/detail/argument_text.hpp"
#include "approvekit/detail/tool_json.hpp"
#include "approvekit/json.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace approvekit::detail {

// ToolJson for types that contain other values.

template <typename Value>
struct ToolJson<std::optional<Value>> {
    static constexpr bool known = ToolJson<Value>::known;
    static constexpr bool nullable = true;
    static std::optional<Value> read(const Json& json, const ArgumentPlace& place) {
        if (json.is_null()) return std::nullopt;
        return std::optional<Value>(ToolJson<Value>::read(json, place));
    }
    static Json write(const std::optional<Value>& value) { return value ? ToolJson<Value>::write(*value) : Json(); }
    static Json schema() { return ToolJson<Value>::schema(); }
};

/// The first alternative that accepts the value.
template <typename... Values>
struct ToolJson<std::variant<Values...>> {
    using Type = std::variant<Values...>;
    static constexpr bool known = (ToolJson<Values>::known && ...);
    static constexpr bool nullable = (ToolJson<Values>::nullable || ...);

    static Type read(const Json& json, const ArgumentPlace& place) {
        std::string why;
        return read_from<0>(json, place, why);
    }
    static Json write(const Type& value) {
        return std::visit([]<typename Value>(const Value& held) { return ToolJson<Value>::write(held); }, value);
    }
    static Json schema() { return {{"anyOf", Json::array({ToolJson<Values>::schema()...})}}; }

private:
    template <std::size_t Index>
    static Type read_from(const Json& json, const ArgumentPlace& place, std::string& why) {
        if constexpr (Index == sizeof...(Values)) {
            throw ArgumentMismatch(why);
        } else {
            try {
                using Value = std::variant_alternative_t<Index, Type>;
                return Type(std::in_place_index<Index>, ToolJson<Value>::read(json, place));
            } catch (const ArgumentMismatch& mismatch) {
                why += (why.empty() ? "" : ", or ") + std::string(mismatch.what());
            }
            return read_from<Index + 1>(json, place, why);
        }
    }
};

/// Lists of any length.
template <typename List>
struct ListJson {
    using Value = typename List::value_type;
    static constexpr bool known = ToolJson<Value>::known;
    static constexpr bool nullable = false;
    static List read(const Json& json, const ArgumentPlace& place) {
        require_list(json, place);
        List list;
        for (std::size_t index = 0; index < json.size(); ++index)
            list.insert(list.end(), ToolJson<Value>::read(json[index], {place, index}));
        return list;
    }
    static Json write(const List& list) {
        Json json = Json::array();
        for (const auto& value : list)
            json.push_back(ToolJson<Value>::write(value));
        return json;
    }
    static Json schema() { return {{"type", "array"}, {"items", ToolJson<Value>::schema()}}; }
};

template <typename... Parts>
struct ToolJson<std::vector<Parts...>> : ListJson<std::vector<Parts...>> {};
template <typename... Parts>
struct ToolJson<std::list<Parts...>> : ListJson<std::list<Parts...>> {};
template <typename... Parts>
struct ToolJson<std::deque<Parts...>> : ListJson<std::deque<Parts...>> {};
template <typename... Parts>
struct ToolJson<std::set<Parts...>> : ListJson<std::set<Parts...>> {};
template <typename... Parts>
struct ToolJson<std::unordered_set<Parts...>> : ListJson<std::unordered_set<Parts...>> {};

/// Objects with any keys.
template <typename Map>
struct MapJson {
    using Value = typename Map::mapped_type;
    static constexpr bool known = ToolJson<Value>::known;
    static constexpr bool nullable = false;
    static Map read(const Json& json, const ArgumentPlace& place) {
        require_object(json, place);
        Map map;
        for (const auto& [key, value] : json.items())
            map.emplace(key, ToolJson<Value>::read(value, {place, key}));
        return map;
    }
    static Json write(const Map& map) {
        Json json = Json::object();
        for (const auto& [key, value] : map)
            json[key] = ToolJson<Value>::write(value);
        return json;
    }
    static Json schema() { return {{"type", "object"}, {"additionalProperties", ToolJson<Value>::schema()}}; }
};

template <typename Value, typename... Rest>
struct ToolJson<std::map<std::string, Value, Rest...>> : MapJson<std::map<std::string, Value, Rest...>> {};
template <typename Value, typename... Rest>
struct ToolJson<std::unordered_map<std::string, Value, Rest...>>
    : MapJson<std::unordered_map<std::string, Value, Rest...>> {};

/// Lists of a fixed length.
template <typename Row, typename... Values>
struct RowJson {
    static constexpr bool known = (ToolJson<Values>::known && ...);
    static constexpr bool nullable = false;
    static Row read(const Json& json, const ArgumentPlace& place) {
        require_list(json, place, sizeof...(Values));
        std::size_t index = 0;
        return Row{read_next<Values>(json, place, index)...};
    }
    static Json write(const Row& row) {
        return std::apply([](const Values&... values) { return Json::array({ToolJson<Values>::write(values)...}); },
                          row);
    }
    static Json schema() {
        return {{"type", "array"},
                {"prefixItems", Json::array({ToolJson<Values>::schema()...})},
                {"minItems", sizeof...(Values)},
                {"maxItems", sizeof...(Values)}};
    }

private:
    template <typename Value>
    static Value read_next(const Json& json, const ArgumentPlace& place, std::size_t& index) {
        const std::size_t here = index++;
        return ToolJson<Value>::read(json[here], {place, here});
    }
};

template <typename First, typename Second>
struct ToolJson<std::pair<First, Second>> : RowJson<std::pair<First, Second>, First, Second> {};
template <typename... Values>
struct ToolJson<std::tuple<Values...>> : RowJson<std::tuple<Values...>, Values...> {};

template <typename Value, std::size_t Size>
struct ToolJson<std::array<Value, Size>> {
    using Type = std::array<Value, Size>;
    static constexpr bool known = ToolJson<Value>::known;
    static constexpr bool nullable = false;
    static Type read(const Json& json, const ArgumentPlace& place) {
        require_list(json, place, Size);
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return Type{ToolJson<Value>::read(json[Index], {place, Index})...};
        }
        (std::make_index_sequence<Size>());
    }
    static Json write(const Type& value) {
        Json json = Json::array();
        for (const auto& element : value)
            json.push_back(ToolJson<Value>::write(element));
        return json;
    }
    static Json schema() {
        return {{"type", "array"}, {"items", ToolJson<Value>::schema()}, {"minItems", Size}, {"maxItems", Size}};
    }
};

}  // namespace approvekit::detail
