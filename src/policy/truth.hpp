#pragma once

#include <algorithm>
#include <string_view>

namespace approvekit::policy {

/// The result of a condition. `unknown` is for what cannot be evaluated: the caller decides what that means, and must
/// never loosen by it. The order is that of Kleene's strong logic, so that the lesser value is the `and` and the
/// greater one the `or`.
enum class Truth : unsigned char { no, unknown, yes };

[[nodiscard]] constexpr Truth truth_of(bool value) noexcept {
    return value ? Truth::yes : Truth::no;
}

[[nodiscard]] constexpr Truth both(Truth left, Truth right) noexcept {
    return std::min(left, right);
}

[[nodiscard]] constexpr Truth either(Truth left, Truth right) noexcept {
    return std::max(left, right);
}

[[nodiscard]] constexpr Truth negated(Truth truth) noexcept {
    if (truth == Truth::unknown) return truth;
    return truth_of(truth == Truth::no);
}

[[nodiscard]] constexpr std::string_view to_string(Truth truth) noexcept {
    if (truth == Truth::unknown) return "unknown";
    return truth == Truth::yes ? "true" : "false";
}

}  // namespace approvekit::policy
