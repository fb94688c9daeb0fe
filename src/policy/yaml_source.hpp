#pragma once

#include "approvekit/json.hpp"
#include "policy/document.hpp"

#include <optional>
#include <string_view>

namespace approvekit::policy {

/// What `text` means where YAML has it without quotes; nothing when its readers do not agree on it.
///
/// Booleans are true and false alone, numbers are written as in JSON without an exponent, and what some
/// reader takes for a boolean, null, a number or a date (yes, ~, 010, 1:30, 2026-01-31) is no text either;
/// nor is what has quotation marks inside, where their author did not mean them to be.
[[nodiscard]] std::optional<Json> plain_scalar(std::string_view text);

/// Reads the one YAML document that `text` must be. Reports anchors, aliases, tags, directives and further
/// documents, of which no policy has any; nothing is ever expanded. Nothing comes back from what cannot be parsed.
///
/// `text` has lines that end in \n and no characters that hide.
[[nodiscard]] std::optional<Node> read_yaml(std::string_view text, Problems& problems);

}  // namespace approvekit::policy
