#pragma once

#include "approvekit/detail/argument_text.hpp"
#include "approvekit/json.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit::detail {

/// Converts a model's arguments to values, and values back to JSON.
///
/// A separate layer above nlohmann's conversions: it behaves the same with every release, is strict where nlohmann
/// converts silently (300 to a byte, true to 1), and does not interfere with specialisations of
/// nlohmann::adl_serializer. `known` says whether a type converts both ways; read() throws ArgumentMismatch.
///
/// This primary template is for the user's classes, through their to_json and from_json.
template <typename Type>
struct ToolJson {
    static constexpr bool writable = std::is_class_v<Type> && std::is_constructible_v<Json, const Type&>;
    static constexpr bool known = writable && requires(const Json& json) { json.template get<Type>(); };
    static constexpr bool nullable = false;

    static Type read(const Json& json, const ArgumentPlace& place) {
        try {
            Type value = json.template get<Type>();
            require_kept(json, write(value), place);
            return value;
        } catch (const ArgumentMismatch&) {
            throw;
        } catch (const std::exception& error) {
            throw ArgumentMismatch(place, without_json_prefix(error.what()));
        }
    }
    static Json write(const Type& value) { return Json(value); }
    static Json schema() {
        if constexpr (std::is_default_constructible_v<Type>) {
            return schema_of_sample([] { return write(Type{}); }, [](const Json& json) { json.template get<Type>(); });
        } else {
            return Json::object();
        }
    }
};

template <>
struct ToolJson<Json> {
    static constexpr bool known = true;
    static constexpr bool nullable = true;
    static Json read(const Json& json, const ArgumentPlace&) { return json; }
    static Json write(const Json& value) { return value; }
    static Json schema() { return Json::object(); }
};

template <>
struct ToolJson<bool> {
    static constexpr bool known = true;
    static constexpr bool nullable = false;
    static bool read(const Json& json, const ArgumentPlace& place) { return read_boolean(json, place); }
    static Json write(bool value) { return value; }
    static Json schema() { return {{"type", "boolean"}}; }
};

template <std::integral Type>
struct ToolJson<Type> {
    static constexpr bool known = sizeof(Type) <= sizeof(std::int64_t);
    static constexpr bool nullable = false;
    using Limits = std::numeric_limits<Type>;

    static Type read(const Json& json, const ArgumentPlace& place) {
        if constexpr (std::is_signed_v<Type>) {
            return static_cast<Type>(read_integer(json, place, Limits::min(), Limits::max()));
        } else {
            return static_cast<Type>(read_natural(json, place, Limits::max()));
        }
    }
    static Json write(Type value) { return value; }
    static Json schema() {
        Json schema = {{"type", "integer"}};
        if (std::is_unsigned_v<Type>) schema["minimum"] = 0;
        if (sizeof(Type) <= 2) schema.update({{"minimum", Limits::min()}, {"maximum", Limits::max()}});
        return schema;
    }
};

template <std::floating_point Type>
struct ToolJson<Type> {
    static constexpr bool known = true;
    static constexpr bool nullable = false;
    static Type read(const Json& json, const ArgumentPlace& place) {
        return static_cast<Type>(read_real(json, place, static_cast<double>(std::numeric_limits<Type>::max())));
    }
    static Json write(Type value) { return value; }
    static Json schema() { return {{"type", "number"}}; }
};

template <>
struct ToolJson<std::string> {
    static constexpr bool known = true;
    static constexpr bool nullable = false;
    static std::string read(const Json& json, const ArgumentPlace& place) { return read_text(json, place, "text"); }
    static Json write(const std::string& value) { return value; }
    static Json schema() { return {{"type", "string"}}; }
};

template <>
struct ToolJson<std::filesystem::path> {
    static constexpr bool known = true;
    static constexpr bool nullable = false;
    static std::filesystem::path read(const Json& json, const ArgumentPlace& place) {
        require_no_nul(json, place);  // the system would take the part before it for the path
        return read_text(json, place, "a path");
    }
    static Json write(const std::filesystem::path& value) { return value.string(); }
    static Json schema() { return {{"type", "string"}}; }
};

template <>
struct ToolJson<std::monostate> {
    static constexpr bool known = true;
    static constexpr bool nullable = true;
    static std::monostate read(const Json& json, const ArgumentPlace& place) {
        if (!json.is_null()) throw ArgumentMismatch(place, "null", json);
        return {};
    }
    static Json write(std::monostate) { return nullptr; }
    static Json schema() { return {{"type", "null"}}; }
};

/// A stand-in for a JSON value, to find out which functions an enumeration has: nlohmann's own are not found for it.
struct EnumProbe {
    operator Json&();
    operator const Json&() const;
};

/// An enumeration with texts, as defined by NLOHMANN_JSON_SERIALIZE_ENUM.
template <typename Type>
concept NamedEnum = std::is_enum_v<Type> && requires(EnumProbe& json, Type& value) {
    to_json(json, std::as_const(value));
    from_json(std::as_const(json), value);
};

/// An enumeration that would be shown as a number.
template <typename Type>
struct BareEnum : std::bool_constant<std::is_enum_v<Type> && !NamedEnum<Type>> {};

template <NamedEnum Type>
struct ToolJson<Type> {
    static constexpr bool known = true;
    static constexpr bool nullable = false;

    static Type read(const Json& json, const ArgumentPlace& place) {
        try {
            // nlohmann's macro turns an unknown value into the first one.
            if (const auto value = json.template get<Type>(); write(value) == json) return value;
        } catch (const Json::exception&) {
            throw ArgumentMismatch(place, expected_one_of(names()), json);
        }
        throw ArgumentMismatch(place, expected_one_of(names()), json);
    }
    static Json write(Type value) { return Json(value); }
    static Json schema() {
        Json all = names();
        return all.empty() ? Json{{"type", "string"}} : Json{{"enum", std::move(all)}};
    }

    /// Only those among the first 256 values; none for an enumeration without a fixed underlying type.
    static Json names() {
        Json all = Json::array();
        if constexpr (requires { Type{0}; }) {
            using Number = std::underlying_type_t<Type>;
            const int last = static_cast<int>(std::min<std::uintmax_t>(255, std::numeric_limits<Number>::max()));
            for (int number = 0; number <= last; ++number)
                add_name(all, static_cast<Type>(static_cast<Number>(number)));
        }
        return all;
    }

private:
    static void add_name(Json& all, Type value) {
        Json name = write(value);
        if (!name.is_null() && name.template get<Type>() == value) all.push_back(std::move(name));
    }
};

template <typename Rep, typename Period>
requires std::is_arithmetic_v<Rep>
struct ToolJson<std::chrono::duration<Rep, Period>> {
    using Type = std::chrono::duration<Rep, Period>;
    static constexpr bool known =
        std::is_floating_point_v<Rep> || std::is_convertible_v<Type, std::chrono::nanoseconds>;
    static constexpr bool nullable = false;

    static Type read(const Json& json, const ArgumentPlace& place) {
        const std::chrono::nanoseconds exact = read_duration(json, place);
        if (std::is_unsigned_v<Rep> && exact < exact.zero()) throw ArgumentMismatch(place, "a positive duration", json);
        const auto value = std::chrono::duration_cast<Type>(exact);
        if constexpr (std::is_integral_v<Rep>) {
            if (exact != value) throw ArgumentMismatch(place, expected_duration(Period::num, Period::den), json);
        }
        return value;
    }
    static Json write(Type value) {
        require_duration(std::chrono::duration<double>(value).count());
        return duration_argument(std::chrono::duration_cast<std::chrono::nanoseconds>(value));
    }
    static Json schema() { return duration_schema(); }
};

/// Calendar times. Times in whole days are dates.
template <typename Duration>
struct ToolJson<std::chrono::time_point<std::chrono::system_clock, Duration>> {
    using Type = std::chrono::time_point<std::chrono::system_clock, Duration>;
    static constexpr bool known = std::is_integral_v<typename Duration::rep>;
    static constexpr bool nullable = false;
    static constexpr bool is_date = std::ratio_greater_equal_v<typename Duration::period, std::chrono::days::period>;

    static Type read(const Json& json, const ArgumentPlace& place) {
        const Time exact = is_date ? Time(read_date(json, place)) : read_time(json, place);
        if (!holds(exact)) throw ArgumentMismatch(place, "a time within what its tool can count", json);
        const auto value = std::chrono::time_point_cast<Duration>(exact);
        if (exact != std::chrono::time_point_cast<Time::duration>(value)) {
            throw ArgumentMismatch(place, "a time without a fraction of its unit", json);
        }
        return value;
    }
    static Json write(Type value) {
        require_time(std::chrono::duration<double>(value.time_since_epoch()).count());
        const auto exact = std::chrono::floor<Time::duration>(value);
        return is_date ? date_argument(std::chrono::floor<std::chrono::days>(exact)) : time_argument(exact);
    }
    static Json schema() { return {{"type", "string"}, {"format", is_date ? "date" : "date-time"}}; }

private:
    /// Whether the cast to this type is safe. Units coarser than those of Time can hold all of its years.
    static bool holds(Time exact) {
        if (std::is_unsigned_v<typename Duration::rep> && exact < Time()) return false;
        if constexpr (std::ratio_less_v<typename Duration::period, Time::period>) {
            return exact >= std::chrono::time_point_cast<Time::duration>(Type::min()) &&
                   exact <= std::chrono::time_point_cast<Time::duration>(Type::max());
        }
        return true;
    }
};

}  // namespace approvekit::detail
