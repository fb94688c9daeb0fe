#pragma once

#include "approvekit/json.hpp"

#include <compare>

namespace approvekit::json {

/// Compares two JSON numbers as the values that a tool gets: integers with all their 64 bits, others as the double
/// that they are, each against each without rounding. Unordered where one is no number or NaN.
[[nodiscard]] std::partial_ordering compare_numbers(const Json& left, const Json& right) noexcept;

}  // namespace approvekit::json
