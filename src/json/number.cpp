#include "json/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace approvekit::json {
namespace {

std::partial_ordering order(auto left, auto right) noexcept {
    if (std::cmp_less(left, right)) return std::partial_ordering::less;
    return std::cmp_equal(left, right) ? std::partial_ordering::equivalent : std::partial_ordering::greater;
}

/// Compares with the whole part of the double, which fits 64 bits once very large numbers are ruled out. A double
/// itself holds no more than 53 bits of an integer.
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

constexpr std::size_t most_digits_of_a_double = 767;

/// The shortest digits that read back as the same number. The number is 0.DIGITS times ten to the power of `exponent`.
struct ShortestDecimal {
    std::string digits;
    int exponent = 0;
};

ShortestDecimal shortest_decimal(double positive) {
    std::array<char, 32> buffer{};
    const auto written = std::to_chars(buffer.begin(), buffer.end(), positive, std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
    const std::size_t e = text.find('e');

    ShortestDecimal decimal;
    decimal.digits = text.substr(0, e);
    if (decimal.digits.size() > 1) decimal.digits.erase(1, 1);
    const std::size_t exponent = e + (text[e + 1] == '+' ? 2 : 1);
    std::from_chars(text.data() + exponent, text.data() + text.size(), decimal.exponent);
    ++decimal.exponent;
    return decimal;
}

void append_with_exponent(std::string& text, const ShortestDecimal& decimal) {
    text += decimal.digits[0];
    if (decimal.digits.size() > 1) {
        text += '.';
        text.append(decimal.digits, 1);
    }
    const int exponent = decimal.exponent - 1;
    text += exponent < 0 ? "e-" : "e+";
    text += std::to_string(exponent < 0 ? -exponent : exponent);
}

void append_plainly(std::string& text, const ShortestDecimal& decimal) {
    const auto digits = static_cast<int>(decimal.digits.size());
    if (decimal.exponent <= 0) {
        text += "0.";
        text.append(static_cast<std::size_t>(-decimal.exponent), '0');
        text += decimal.digits;
    } else if (decimal.exponent < digits) {
        text.append(decimal.digits, 0, static_cast<std::size_t>(decimal.exponent));
        text += '.';
        text.append(decimal.digits, static_cast<std::size_t>(decimal.exponent));
    } else {
        text += decimal.digits;
        text.append(static_cast<std::size_t>(decimal.exponent - digits), '0');
    }
}

/// Returns the digits of a JSON number from the first to the last one that is not zero: "-0.0120e5" has "12".
std::string significant_digits(std::string_view written) {
    std::string digits;
    for (const char character : written.substr(0, written.find_first_of("eE"))) {
        if (character >= (digits.empty() ? '1' : '0') && character <= '9') digits += character;
    }
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

/// Returns the first `count` digits of `number`, rounded.
std::string rounded_digits(double number, std::size_t count) {
    std::array<char, most_digits_of_a_double + 8> buffer{};  // and room for a sign, a point and an exponent
    const auto written =
        std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::scientific, static_cast<int>(count) - 1);
    return significant_digits({buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())});
}

bool is_beyond_64_bits(double number) {
    return number >= 18446744073709551616.0 || number <= -9223372036854775808.0;
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

void append_number(std::string& text, double number) {
    if (number == 0) {
        text += '0';
        return;
    }
    if (number < 0) text += '-';
    const ShortestDecimal decimal = shortest_decimal(number < 0 ? -number : number);
    if (decimal.exponent < -5 || is_beyond_64_bits(number)) {
        append_with_exponent(text, decimal);
    } else {
        append_plainly(text, decimal);
    }
}

bool keeps_digits(double number, std::string_view written) {
    const std::string digits = significant_digits(written);
    if (digits.empty()) return true;
    if (number == 0 || digits.size() > most_digits_of_a_double) return false;
    return shortest_decimal(number < 0 ? -number : number).digits == digits ||
           rounded_digits(number, digits.size()) == digits;
}

}  // namespace approvekit::json
