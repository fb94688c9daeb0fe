#include "policy/yaml_scalar.hpp"

#include "json/number.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::string_view digits = "0123456789";

constexpr std::array<std::string_view, 16> contested_words = {
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", ".nan", "-.inf", "+.inf", "<<", "="};

bool only(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

/// Whether some reader of YAML sees an integer of any base, a float, a base-60 number or a date in it.
bool looks_like_a_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const std::size_t first_digit = text.starts_with('.') ? 1 : 0;
    if (text.size() <= first_digit || !only(text.substr(first_digit, 1), digits)) return false;

    const std::string lower = text::lower_case(text);
    for (const std::string_view base : {"0x", "0o", "0b"}) {
        if (lower.starts_with(base)) return only(std::string_view(lower).substr(2), "0123456789abcdef_");
    }
    return only(lower, "0123456789._:+-etz ") && std::count(lower.begin(), lower.end(), '.') <= 1;
}

template <typename Number>
std::optional<Json> parsed(std::string_view text) {
    Number number{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::make_optional<Json>(number);
}

/// Nothing for more digits than a double holds, which would then not mean what is written.
std::optional<Json> parsed_exactly(std::string_view text) {
    auto number = parsed<double>(text);
    return number && json::keeps_digits(number->get<double>(), text) ? std::move(number) : std::nullopt;
}

std::optional<Json> decimal(std::string_view text) {
    const std::string_view unsigned_text = text.substr(text.starts_with('-') ? 1 : 0);
    const std::size_t dot = unsigned_text.find('.');
    const std::string_view whole = unsigned_text.substr(0, dot);
    if (whole.empty() || !only(whole, digits) || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;

    if (dot != std::string_view::npos) {
        const std::string_view fraction = unsigned_text.substr(dot + 1);
        return fraction.empty() || !only(fraction, digits) ? std::nullopt : parsed_exactly(text);
    }
    const auto number = parsed<std::int64_t>(text);
    return number ? number : parsed<std::uint64_t>(text);
}

}  // namespace

std::optional<Json> plain_scalar(std::string_view text) {
    if (text == "true") return std::make_optional<Json>(true);
    if (text == "false") return std::make_optional<Json>(false);
    if (auto number = decimal(text)) return number;

    const bool contested =
        std::find(contested_words.begin(), contested_words.end(), text::lower_case(text)) != contested_words.end();
    const bool quotes = text.find('"') != std::string_view::npos;  // as in [a, :"b"], where they are part of the text
    if (text.empty() || contested || quotes || looks_like_a_number(text)) return std::nullopt;
    return std::make_optional<Json>(std::string(text));
}

}  // namespace approvekit::policy
