#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <string_view>

namespace approvekit {

/// `text` as one line that a terminal shows and does nothing else with: what models and tools say may hold escape
/// sequences, line ends and letters that pose as others. Each becomes an escape (\n, \x1b, \u202e), as
/// approvekit-review shows it; two different texts never look the same. The terminal reads UTF-8.
[[nodiscard]] std::string terminal_text(std::string_view text);

/// The same for a name within a sentence: as it is when it consists of letters, digits and . _ - / : @ alone, else in
/// quotes, so that it cannot pose as more than a name.
[[nodiscard]] std::string terminal_name(std::string_view name);

/// `value` as one line of JSON in ASCII, which machines read like any other. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string terminal_json(const Json& value);

}  // namespace approvekit
