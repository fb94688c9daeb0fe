#pragma once

#include "policy/problems.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// The most that a policy may have, in bytes.
inline constexpr std::size_t most_policy_bytes = std::size_t{1} << 20;

/// `raw` without a byte order mark and with lines that end in \n, which changes no line and no column.
[[nodiscard]] std::string plain_lines(std::string_view raw);

/// The first character that hides, moves others or is none, from `offset` on.
struct HiddenCharacter {
    std::size_t offset = 0;
    std::string what;  ///< "the invisible character \u200b"
};

/// Looks for characters that would make `text` look different from what it says. Tabs and line ends do not.
[[nodiscard]] std::optional<HiddenCharacter> find_hidden_character(std::string_view text);

}  // namespace approvekit::policy
