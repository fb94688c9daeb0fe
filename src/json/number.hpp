#pragma once

#include "approvekit/json.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace approvekit::json {

/// Compares two JSON numbers as the values that a tool gets: integers with all their 64 bits, others as the double
/// that they are, each against each without rounding. Unordered where one is no number or NaN.
[[nodiscard]] std::partial_ordering compare_numbers(const Json& left, const Json& right) noexcept;

/// Appends `number`, which must be finite, the way ECMAScript and so RFC 8785 write it.
///
/// One exception: what ECMAScript writes as an integer beyond 64 bits gets an exponent, since parse_json refuses
/// such integers and a canonical text must be readable again.
void append_number(std::string& text, double number);

/// Whether `number`, which was read from the JSON number `written`, still shows the digits that stand there: written
/// with as many significant digits, or with the fewest that read back as it, it has the same ones.
[[nodiscard]] bool keeps_digits(double number, std::string_view written);

}  // namespace approvekit::json
