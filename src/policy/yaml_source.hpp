#pragma once

#include "approvekit/json.hpp"
#include "policy/document.hpp"

#include <optional>
#include <string_view>

namespace approvekit::policy {

/// Returns what unquoted YAML text means, or nothing if YAML readers do not agree on it.
///
/// Only true and false are booleans, and numbers are written as in JSON without an exponent. What some reader takes for
/// a boolean, null, a number or a date (yes, ~, 010, 1:30, 2026-01-31) is not a text either. Nor is a text with
/// quotation marks inside, which its author did not mean as part of it.
[[nodiscard]] std::optional<Json> plain_scalar(std::string_view text);

/// Reads the single YAML document that `text` must be. Reports anchors, aliases, tags, directives and further
/// documents, none of which a policy may have; nothing is ever expanded. Returns nothing if the text cannot be parsed.
///
/// `text` must have lines that end in \n, and no characters that hide.
[[nodiscard]] std::optional<Node> read_yaml(std::string_view text, Problems& problems);

}  // namespace approvekit::policy
