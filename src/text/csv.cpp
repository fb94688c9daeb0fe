#include "text/csv.hpp"

#include "text/escape.hpp"

#include <array>

namespace approvekit::text {
namespace {

bool starts_formula(std::string_view text) noexcept {
    constexpr std::string_view signs = "=+-@\t\r\n";
    // The full-width forms of the same signs, which some spreadsheets take for them.
    constexpr std::array wide_signs{"\uff1d", "\uff0b", "\uff0d", "\uff20"};
    if (text.empty()) return false;
    if (signs.find(text[0]) != std::string_view::npos) return true;
    for (const std::string_view sign : wide_signs) {
        if (text.starts_with(sign)) return true;
    }
    return false;
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell = starts_formula(text) ? "\"'" : "\"";
    for (const char character : escape(text)) {
        if (character == '"') cell += '"';
        cell += character;
    }
    return cell += '"';
}

}  // namespace approvekit::text
