#include "approvekit/detail/argument_text.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <system_error>

namespace approvekit::detail {
namespace {

/// Names the kind in the words that a model knows.
std::string kind_of(const Json& json) {
    switch (json.type()) {
        case Json::value_t::null:
            return "null";
        case Json::value_t::boolean:
            return "true or false";
        case Json::value_t::string:
            return "another text";
        case Json::value_t::array:
            return "a list";
        case Json::value_t::object:
            return "an object";
        default:
            return "another number";
    }
}

/// Returns what to write after "got": "text" if text was not expected, "another text" if it was.
std::string found_instead(const std::string& expected, const Json& json) {
    const bool same_kind = (json.is_number() && expected.find("number") != std::string::npos) ||
                           (json.is_string() && expected.find('"') != std::string::npos);
    std::string kind = kind_of(json);
    if (!same_kind && json.is_number()) kind = "a number";
    if (!same_kind && json.is_string()) kind = "text";
    return kind;
}

std::string range_text(const std::string& lowest, const std::string& highest) {
    return "a whole number from " + lowest + " to " + highest;
}

/// A whole number written as 3.0 counts too.
std::optional<double> whole_real(const Json& json) {
    if (!json.is_number_float()) return std::nullopt;
    const double value = json.get<double>();
    constexpr double exact = 9007199254740992.0;  // above it, doubles skip whole numbers
    if (value != std::trunc(value) || value > exact || value < -exact) return std::nullopt;
    return value;
}

struct Unit {
    std::string_view name;
    std::chrono::nanoseconds length;
};

constexpr std::array units{
    Unit{"d", std::chrono::days(1)},          Unit{"h", std::chrono::hours(1)},
    Unit{"min", std::chrono::minutes(1)},     Unit{"s", std::chrono::seconds(1)},
    Unit{"ms", std::chrono::milliseconds(1)}, Unit{"us", std::chrono::microseconds(1)},
    Unit{"ns", std::chrono::nanoseconds(1)},
};

constexpr const char* duration_form = R"(a duration such as "90s" or "1h30min" (units d, h, min, s, ms, us, ns))";

constexpr std::chrono::nanoseconds longest_duration = std::chrono::seconds(9'200'000'000);

/// Takes a part such as "30min" from the front of `text`. Returns nothing if `text` does not begin like that, or if the
/// part is too long to count.
std::optional<std::chrono::nanoseconds> take_part(std::string_view& text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count < 0 || end == text.data()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& each) { return each.name == name; });
    std::int64_t length = 0;
    if (unit == units.end() || __builtin_mul_overflow(count, unit->length.count(), &length)) return std::nullopt;
    text.remove_prefix(name.size());
    return std::chrono::nanoseconds(length);
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    std::int64_t sum = 0;
    while (!text.empty()) {
        const auto part = take_part(text);
        if (!part || __builtin_add_overflow(sum, part->count(), &sum)) return std::nullopt;
    }
    return std::chrono::nanoseconds(negative ? -sum : sum);
}

/// Removes the zone at the end of `text` and returns how far it is ahead of UTC. Returns nothing if there is no zone.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (text.ends_with('Z') || text.ends_with('z')) {
        text.remove_suffix(1);
        return std::chrono::minutes(0);
    }
    constexpr std::size_t size = 6;
    if (text.size() < size) return std::nullopt;
    const std::string_view zone = text.substr(text.size() - size);
    const auto digit = [&](std::size_t at) { return zone[at] >= '0' && zone[at] <= '9' ? zone[at] - '0' : 100; };
    const int hours = digit(1) * 10 + digit(2);
    const int minutes = digit(4) * 10 + digit(5);
    if ((zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || hours > 23 || minutes > 59) return std::nullopt;
    text.remove_suffix(size);
    return std::chrono::minutes((zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
}

/// Texts of times cover the years 0 to 9999 only.
bool is_shown_whole(Time time) {
    return approvekit::parse_time(approvekit::to_text(time)) == time;
}

[[noreturn]] void refuse_year() {
    throw Error(ErrorCode::invalid_option, "a time outside the years 0 to 9999 cannot be shown");
}

std::optional<Time> parse_moment(std::string_view text) {
    const auto ahead = take_zone(text);
    if (!ahead) return std::nullopt;
    std::string padded(text);
    if (const auto point = padded.find('.'); point != std::string::npos && padded.size() > point + 1) {
        padded.resize(std::max(padded.size(), point + 7), '0');
    }
    const auto local = approvekit::parse_time(padded);
    if (!local || !is_shown_whole(*local - *ahead)) return std::nullopt;
    return *local - *ahead;
}

/// Whether both are equal for a member of type float, which holds 0.1 as 0.100000001.
bool is_same_float(const Json& given, const Json& kept) {
    const double value = given.get<double>();
    if (!kept.is_number_float() || std::abs(value) > static_cast<double>(std::numeric_limits<float>::max()))
        return false;
    return static_cast<double>(static_cast<float>(value)) == kept.get<double>();
}

bool is_changed(const Json& given, const Json& kept) {
    if (given.is_boolean() || kept.is_boolean()) return given != kept;
    return given.is_number() && kept.is_number() && given != kept && !is_same_float(given, kept);
}

/// Returns the schema that follows from a value. A list says nothing about its elements.
Json schema_of_value(const Json& value) {
    if (value.is_boolean()) return {{"type", "boolean"}};
    if (value.is_number_integer()) return {{"type", "integer"}};
    if (value.is_number()) return {{"type", "number"}};
    if (value.is_string()) return {{"type", "string"}};
    if (value.is_array()) return {{"type", "array"}};
    if (!value.is_object()) return Json::object();
    Json properties = Json::object();
    for (const auto& [key, member] : value.items())
        properties[key] = schema_of_value(member);
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

bool is_readable(const std::function<void(const Json&)>& read, const Json& json) {
    try {
        read(json);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

std::string ArgumentPlace::text() const {
    if (around_ == nullptr) return std::string(key_);
    if (key_.data() == nullptr) return around_->text() + "[" + std::to_string(index_) + "]";
    return around_->text() + "." + std::string(key_);
}

ArgumentMismatch::ArgumentMismatch(const ArgumentPlace& place, const std::string& what)
    : std::runtime_error(place.text() + ": " + what) {}

ArgumentMismatch::ArgumentMismatch(const ArgumentPlace& place, const std::string& expected, const Json& found)
    : ArgumentMismatch(place, "expected " + expected + ", got " + found_instead(expected, found)) {}

bool read_boolean(const Json& json, const ArgumentPlace& place) {
    if (!json.is_boolean()) throw ArgumentMismatch(place, "true or false", json);
    return json.get<bool>();
}

std::int64_t read_integer(const Json& json, const ArgumentPlace& place, std::int64_t lowest, std::int64_t highest) {
    std::optional<std::int64_t> value;
    if (const auto real = whole_real(json)) value = static_cast<std::int64_t>(*real);
    const bool fits = json.is_number_integer() && (!json.is_number_unsigned() ||
                                                   json.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
    if (fits) value = json.get<std::int64_t>();
    if (value && *value >= lowest && *value <= highest) return *value;
    throw ArgumentMismatch(place, range_text(std::to_string(lowest), std::to_string(highest)), json);
}

std::uint64_t read_natural(const Json& json, const ArgumentPlace& place, std::uint64_t highest) {
    std::optional<std::uint64_t> value;
    if (const auto real = whole_real(json); real && *real >= 0) value = static_cast<std::uint64_t>(*real);
    if (json.is_number_unsigned()) value = json.get<std::uint64_t>();
    if (json.is_number_integer() && !json.is_number_unsigned() && json.get<std::int64_t>() >= 0) {
        value = static_cast<std::uint64_t>(json.get<std::int64_t>());
    }
    if (value && *value <= highest) return *value;
    throw ArgumentMismatch(place, range_text("0", std::to_string(highest)), json);
}

double read_real(const Json& json, const ArgumentPlace& place, double highest) {
    if (!json.is_number() || std::abs(json.get<double>()) > highest) throw ArgumentMismatch(place, "a number", json);
    return json.get<double>();
}

std::string read_text(const Json& json, const ArgumentPlace& place, const char* expected) {
    if (!json.is_string()) throw ArgumentMismatch(place, expected, json);
    return json.get<std::string>();
}

std::chrono::nanoseconds read_duration(const Json& json, const ArgumentPlace& place) {
    const auto value = json.is_string() ? parse_duration(json.get_ref<const std::string&>()) : std::nullopt;
    if (!value) throw ArgumentMismatch(place, duration_form, json);
    if (*value > longest_duration || *value < -longest_duration)
        throw ArgumentMismatch(place, "expected a duration of at most 290 years");
    return *value;
}

Time read_time(const Json& json, const ArgumentPlace& place) {
    const auto value = json.is_string() ? parse_moment(json.get_ref<const std::string&>()) : std::nullopt;
    if (!value) throw ArgumentMismatch(place, R"(a time with its zone such as "2026-01-31T09:05:00Z")", json);
    return *value;
}

std::chrono::sys_days read_date(const Json& json, const ArgumentPlace& place) {
    const auto value = json.is_string() ? approvekit::parse_time(json.get<std::string>() + "T00:00:00") : std::nullopt;
    if (!value) throw ArgumentMismatch(place, R"(a date such as "2026-01-31")", json);
    return std::chrono::floor<std::chrono::days>(*value);
}

void require_no_nul(const Json& json, const ArgumentPlace& place) {
    if (json.is_string() && json.get_ref<const std::string&>().find('\0') != std::string::npos)
        throw ArgumentMismatch(place, "expected text without a NUL in it");
}

void require_list(const Json& json, const ArgumentPlace& place) {
    if (!json.is_array()) throw ArgumentMismatch(place, "a list", json);
}

void require_list(const Json& json, const ArgumentPlace& place, std::size_t size) {
    const std::string expected = "a list of " + std::to_string(size);
    if (!json.is_array()) throw ArgumentMismatch(place, expected, json);
    if (json.size() != size) {
        throw ArgumentMismatch(place, "expected " + expected + ", got one of " + std::to_string(json.size()));
    }
}

void require_object(const Json& json, const ArgumentPlace& place) {
    if (!json.is_object()) throw ArgumentMismatch(place, "an object", json);
}

void require_kept(const Json& given, const Json& kept, const ArgumentPlace& place) {
    if (is_changed(given, kept)) {
        const std::string kind = given.is_boolean() ? "a truth value" : "a number";
        throw ArgumentMismatch(place, kind + " that its type would change");
    }
    if (given.is_object() && kept.is_object()) {
        for (const auto& [key, member] : kept.items()) {
            if (const auto found = given.find(key); found != given.end()) require_kept(*found, member, {place, key});
        }
    }
    if (!given.is_array() || !kept.is_array() || given.size() != kept.size()) return;
    for (std::size_t index = 0; index < kept.size(); ++index)
        require_kept(given[index], kept[index], {place, index});
}

void require_duration(double seconds) {
    constexpr double most = std::chrono::duration<double>(longest_duration).count();
    if (seconds <= most && seconds >= -most) return;
    throw Error(ErrorCode::invalid_option, "a duration of more than 290 years cannot be shown");
}

void require_time(double seconds) {
    constexpr double most = 2.6e11;  // after the year 9999; its negative is before the year 0
    if (!(seconds <= most && seconds >= -most)) refuse_year();
}

std::string duration_argument(std::chrono::nanoseconds duration) {
    if (duration == duration.zero()) return "0s";
    std::string text = duration < duration.zero() ? "-" : "";
    for (const Unit& unit : units) {
        const auto count = duration / unit.length;
        if (count != 0) text += std::to_string(std::abs(count)) + std::string(unit.name);
        duration -= count * unit.length;
    }
    return text;
}

std::string time_argument(Time time) {
    if (!is_shown_whole(time)) refuse_year();
    std::string text = approvekit::to_text(time);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + "Z";
}

std::string date_argument(std::chrono::sys_days date) {
    if (!is_shown_whole(Time(date))) refuse_year();
    return approvekit::to_text(Time(date)).substr(0, 10);
}

std::string expected_one_of(const Json& names) {
    if (names.empty()) return "another name";
    std::string text = "one of ";
    for (const Json& name : names)
        text += (text.ends_with(' ') ? "" : ", ") + name.dump();
    return text;
}

std::string expected_duration(std::intmax_t numerator, std::intmax_t denominator) {
    const std::chrono::nanoseconds length(numerator * (1'000'000'000 / denominator));
    return "a duration in whole multiples of " + duration_argument(length);
}

std::string without_json_prefix(std::string_view text) {
    constexpr std::string_view prefix = "[json.exception.";
    const auto end = text.find("] ");
    if (text.starts_with(prefix) && end != std::string_view::npos) text.remove_prefix(end + 2);
    return std::string(text);
}

Json duration_schema() {
    return {{"type", "string"}, {"pattern", "^-?([0-9]+(d|h|min|s|ms|us|ns))+$"}};
}

Json schema_of_sample(const std::function<Json()>& sample, const std::function<void(const Json&)>& read) {
    Json value;
    try {
        value = sample();
    } catch (const std::exception&) {
        return Json::object();  // a class without a default value says nothing about its members
    }
    Json schema = schema_of_value(value);
    if (!value.is_object() || !is_readable(read, value)) return schema;
    Json required = Json::array();
    for (const auto& [key, member] : value.items()) {
        Json rest = value;
        rest.erase(key);
        if (!is_readable(read, rest)) required.push_back(key);
    }
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

}  // namespace approvekit::detail
