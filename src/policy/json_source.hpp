#pragma once

#include "approvekit/json.hpp"
#include "policy/document.hpp"
#include "policy/problems.hpp"

#include <optional>
#include <string_view>

namespace approvekit::policy {

/// Reads the one JSON value that `text` must be. Nothing comes back from what cannot be parsed.
[[nodiscard]] std::optional<Node> read_json_document(std::string_view text, Problems& problems);

/// The document that stands for a value in memory; it has no places. Nothing for one that is too deep or too large.
[[nodiscard]] std::optional<Node> as_document(const Json& value, Problems& problems);

}  // namespace approvekit::policy
