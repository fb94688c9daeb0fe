#pragma once

#include "policy/document.hpp"
#include "policy/problems.hpp"

#include <optional>
#include <string_view>

namespace approvekit::policy {

/// Reads the one YAML document that `text` must be. Reports anchors, aliases, tags, directives and further
/// documents, of which no policy has any; nothing is ever expanded. Nothing comes back from what cannot be parsed.
///
/// `text` has lines that end in \n and no characters that hide.
[[nodiscard]] std::optional<Node> read_yaml(std::string_view text, Problems& problems);

}  // namespace approvekit::policy
