#pragma once

#include "approvekit/json.hpp"

#include <string>

namespace approvekit::terminal {

/// `value` as one line of JSON in ASCII: machines read it like any other, and a terminal that shows it obeys nothing
/// in it. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(const Json& value);

}  // namespace approvekit::terminal
