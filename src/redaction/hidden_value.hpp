#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// Whether `text` holds, anywhere and as it is, a text or number that redact() hides of `arguments`, however short. For
/// what cannot be shown with a part of it masked. Throws what redact() throws for `fields`.
[[nodiscard]] bool holds_hidden_value(std::string_view text, const Json& arguments,
                                      const std::vector<std::string>& fields);

}  // namespace approvekit::redaction
