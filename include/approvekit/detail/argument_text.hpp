#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace approvekit::detail {

/// The place of a value in the arguments of a call: "payment.amount", "ids[2]". Holds references to its parts.
class ArgumentPlace {
public:
    explicit ArgumentPlace(std::string_view name) : key_(name) {}
    ArgumentPlace(const ArgumentPlace& around, std::string_view key) : around_(&around), key_(key) {}
    ArgumentPlace(const ArgumentPlace& around, std::size_t index) : around_(&around), index_(index) {}

    [[nodiscard]] std::string text() const;

private:
    const ArgumentPlace* around_ = nullptr;
    std::string_view key_;
    std::size_t index_ = 0;
};

/// An argument does not fit its tool. The text says which one and what was expected, and quotes no value.
class ArgumentMismatch : public std::runtime_error {
public:
    explicit ArgumentMismatch(const std::string& text) : std::runtime_error(text) {}
    ArgumentMismatch(const ArgumentPlace& place, const std::string& what);
    ArgumentMismatch(const ArgumentPlace& place, const std::string& expected, const Json& found);
};

// Each of these throws ArgumentMismatch for any other input.

[[nodiscard]] bool read_boolean(const Json& json, const ArgumentPlace& place);
[[nodiscard]] std::int64_t read_integer(const Json& json, const ArgumentPlace& place, std::int64_t lowest,
                                        std::int64_t highest);
[[nodiscard]] std::uint64_t read_natural(const Json& json, const ArgumentPlace& place, std::uint64_t highest);
[[nodiscard]] double read_real(const Json& json, const ArgumentPlace& place, double highest);
[[nodiscard]] std::string read_text(const Json& json, const ArgumentPlace& place, const char* expected);
/// "1h30min", "90s", "-250ms"; the units are d, h, min, s, ms, us and ns. Up to what require_duration() accepts.
[[nodiscard]] std::chrono::nanoseconds read_duration(const Json& json, const ArgumentPlace& place);
/// "2026-01-31T09:05:00Z", or with an offset such as +01:00; in UTC of the years 0 to 9999.
[[nodiscard]] Time read_time(const Json& json, const ArgumentPlace& place);
/// "2026-01-31"
[[nodiscard]] std::chrono::sys_days read_date(const Json& json, const ArgumentPlace& place);

/// For a text of which the tool gets only the part before a NUL, while a reviewer sees all of it.
void require_no_nul(const Json& json, const ArgumentPlace& place);
void require_list(const Json& json, const ArgumentPlace& place);
void require_list(const Json& json, const ArgumentPlace& place, std::size_t size);
void require_object(const Json& json, const ArgumentPlace& place);
/// Whether each number and boolean of `given` that `kept` still contains is unchanged there. A class may read its
/// members as nlohmann does, which turns 12.7 into 12 and 300 into 44.
void require_kept(const Json& given, const Json& kept, const ArgumentPlace& place);
/// Throws Error (invalid_option) for a duration that does not fit into 64 bits in nanoseconds.
void require_duration(double seconds);
/// The same for a time that does not fit into 64 bits in microseconds. Throws the error that the two functions below
/// throw for years that cannot be shown, but before the time is converted.
void require_time(double seconds);

[[nodiscard]] std::string duration_argument(std::chrono::nanoseconds duration);
// Both throw Error (invalid_option) for a time outside the years 0 to 9999.
[[nodiscard]] std::string time_argument(Time time);
[[nodiscard]] std::string date_argument(std::chrono::sys_days date);

[[nodiscard]] std::string expected_one_of(const Json& names);
[[nodiscard]] std::string expected_duration(std::intmax_t numerator, std::intmax_t denominator);
/// nlohmann's message without the name and number before it.
[[nodiscard]] std::string without_json_prefix(std::string_view text);

[[nodiscard]] Json duration_schema();
/// The value of `sample` shows the members of a class; a member without which `read` fails is required. Empty when
/// either throws.
[[nodiscard]] Json schema_of_sample(const std::function<Json()>& sample, const std::function<void(const Json&)>& read);

}  // namespace approvekit::detail
