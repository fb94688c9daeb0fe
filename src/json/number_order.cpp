#include "json/number_order.hpp"

#include <cmath>
#include <cstdint>
#include <utility>

namespace approvekit::json {
namespace {

std::partial_ordering order(auto left, auto right) noexcept {
    if (std::cmp_less(left, right)) return std::partial_ordering::less;
    return std::cmp_equal(left, right) ? std::partial_ordering::equivalent : std::partial_ordering::greater;
}

/// A double holds no more than 53 bits, so the integer is compared with its whole part, which fits where it is near.
std::partial_ordering order_with_double(auto integer, double number) noexcept {
    constexpr double beyond_all = 18446744073709551616.0;  // 2^64
    if (std::isnan(number)) return std::partial_ordering::unordered;
    if (number >= beyond_all) return std::partial_ordering::less;
    if (number < -beyond_all / 2) return std::partial_ordering::greater;
    const double whole = std::floor(number);
    const auto compared = whole < 0 ? order(integer, static_cast<std::int64_t>(whole))
                                    : order(integer, static_cast<std::uint64_t>(whole));
    const bool is_between = compared == std::partial_ordering::equivalent && number > whole;
    return is_between ? std::partial_ordering::less : compared;
}

std::partial_ordering order_of(auto integer, const Json& right) noexcept {
    if (right.is_number_unsigned()) return order(integer, *right.get_ptr<const Json::number_unsigned_t*>());
    if (right.is_number_integer()) return order(integer, *right.get_ptr<const Json::number_integer_t*>());
    return order_with_double(integer, *right.get_ptr<const Json::number_float_t*>());
}

std::partial_ordering reversed(std::partial_ordering order) noexcept {
    return 0 <=> order;
}

}  // namespace

std::partial_ordering compare_numbers(const Json& left, const Json& right) noexcept {
    if (!left.is_number() || !right.is_number()) return std::partial_ordering::unordered;
    if (left.is_number_unsigned()) return order_of(*left.get_ptr<const Json::number_unsigned_t*>(), right);
    if (left.is_number_integer()) return order_of(*left.get_ptr<const Json::number_integer_t*>(), right);
    const double number = *left.get_ptr<const Json::number_float_t*>();
    if (right.is_number_float()) return number <=> *right.get_ptr<const Json::number_float_t*>();
    return reversed(compare_numbers(right, left));
}

}  // namespace approvekit::json
