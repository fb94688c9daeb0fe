#include "json/number_text.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace approvekit::json {
namespace {

constexpr std::size_t most_digits_of_a_double = 767;

/// The shortest digits that read back as the same number, which is 0.DIGITS times ten to the power of `exponent`.
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

/// The digits of a JSON number from the first to the last that is not zero: "-0.0120e5" has "12".
std::string significant_digits(std::string_view written) {
    std::string digits;
    for (const char character : written.substr(0, written.find_first_of("eE"))) {
        if (character >= (digits.empty() ? '1' : '0') && character <= '9') digits += character;
    }
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

/// The first `count` digits of `number`, rounded.
std::string rounded_digits(double number, std::size_t count) {
    std::array<char, most_digits_of_a_double + 8> buffer{};  // and a sign, a point and an exponent
    const auto written =
        std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::scientific, static_cast<int>(count) - 1);
    return significant_digits({buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())});
}

bool is_beyond_64_bits(double number) {
    return number >= 18446744073709551616.0 || number <= -9223372036854775808.0;
}

}  // namespace

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
