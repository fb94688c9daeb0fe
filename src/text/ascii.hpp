#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace approvekit::text {

/// Returns `text` with A to Z in lower case and everything else unchanged, in every locale.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

/// Returns `text` without the blanks, tabs and line ends around it.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Returns "a, b and c" for a range of texts.
template <typename Names>
[[nodiscard]] std::string listed(const Names& names) {
    std::string text;
    for (auto name = names.begin(); name != names.end(); ++name) {
        const bool is_last = std::next(name) == names.end();
        if (name != names.begin()) text += is_last ? " and " : ", ";
        text += *name;
    }
    return text;
}

}  // namespace approvekit::text
