#pragma once

#include "approvekit/json.hpp"

#include <string>

namespace approvekit::json {

/// `text` as UTF-8: an export can tell no other without loss.
[[nodiscard]] std::string exportable_text(std::string text);

/// The canonical text of JSON that may have been stored by another program.
[[nodiscard]] std::string exportable_json(const Json& value);

}  // namespace approvekit::json
