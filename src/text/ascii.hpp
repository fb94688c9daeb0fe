#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace approvekit {

/// `text` with A to Z as a to z and everything else as it is, in every locale.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

}  // namespace approvekit
