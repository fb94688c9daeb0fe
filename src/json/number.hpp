#pragma once

#include "approvekit/json.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace approvekit::json {

/// Compares two JSON numbers by the values that a tool gets: integers with all their 64 bits, other numbers as doubles.
/// Never rounds, also when it compares an integer with a double. Returns unordered if one of them is not a number, or
/// is NaN.
[[nodiscard]] std::partial_ordering compare_numbers(const Json& left, const Json& right) noexcept;

/// Appends `number`, which must be finite, as ECMAScript and therefore RFC 8785 write it.
///
/// One exception: a number that ECMAScript writes as an integer beyond 64 bits gets an exponent. parse_json refuses
/// such integers, and a canonical text must be readable again.
void append_number(std::string& text, double number);

/// Whether `number`, which was read from the JSON number `written`, kept the digits of `written`. It did if it has the
/// same digits when it is printed with as many significant digits as `written`, or with the fewest that read back as
/// `number`.
[[nodiscard]] bool keeps_digits(double number, std::string_view written);

}  // namespace approvekit::json
