#include "policy/scalars.hpp"

#include "json/number.hpp"
#include "text/fold.hpp"
#include "text/glyph.hpp"

#include <charconv>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

namespace approvekit::policy {
namespace {

/// Returns the base that a prefix of a number names, as programs write it, or 10.
int base_of(std::string_view digits) {
    if (digits.starts_with("0x")) return 16;
    if (digits.starts_with("0o")) return 8;
    return digits.starts_with("0b") ? 2 : 10;
}

/// Returns the number that a text begins with, since some languages ignore what comes after it. An empty text is 0.
std::optional<double> number_in(std::string_view text) {
    std::string digits = text::folded(text::without_blanks_around(text));
    std::erase(digits, '_');
    if (digits.empty()) return 0;
    const bool is_negative = digits.starts_with('-');
    if (is_negative || digits.starts_with('+')) digits.erase(0, 1);
    const char* const end = digits.data() + digits.size();
    double number = 0;
    std::uint64_t whole = 0;
    const int base = base_of(digits);
    const auto read =
        base == 10 ? std::from_chars(digits.data(), end, number) : std::from_chars(digits.data() + 2, end, whole, base);
    if (read.ec != std::errc()) return std::nullopt;
    if (base != 10) number = static_cast<double>(whole);
    return is_negative ? -number : number;
}

}  // namespace

Truth equal_scalars(const Json& value, const Json& wanted, bool nfc) {
    if (value.is_number() && wanted.is_number()) {
        const std::partial_ordering order = json::compare_numbers(value, wanted);
        return order == std::partial_ordering::unordered ? Truth::unknown : truth_of(order == 0);
    }
    if (value.is_boolean() && wanted.is_boolean()) return truth_of(value.get<bool>() == wanted.get<bool>());
    if (!value.is_string() || !wanted.is_string()) return Truth::unknown;
    const auto& text = value.get_ref<const std::string&>();
    const auto& other = wanted.get_ref<const std::string&>();
    const bool is_equal = text == other || (nfc && text::composed(text) == text::composed(other));
    return is_equal ? Truth::yes : otherwise(text, nfc);
}

bool may_be_converted(const Json& value, const Json& wanted) {
    if (value.is_structured() || value.is_null() || wanted.is_null()) return false;
    if (value.is_boolean() || wanted.is_boolean()) return true;
    if (value.is_number() && wanted.is_number()) return true;  // one of them is not a number
    const Json& text = value.is_string() ? value : wanted;
    const Json& number = value.is_string() ? wanted : value;
    if (!text.is_string() || !number.is_number()) return false;
    return number_in(text.get_ref<const std::string&>()) == number.get<double>();
}

Truth otherwise(std::string_view text, bool nfc) noexcept {
    return nfc && !text::has_normal_form(text) ? Truth::unknown : Truth::no;
}

}  // namespace approvekit::policy
