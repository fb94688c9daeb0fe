#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <string_view>

namespace approvekit {

/// Returns `text` as one line that is safe to print on a terminal. Texts from models and tools may contain escape
/// sequences, line ends and characters that look like others. Each of these becomes an escape (\n, \x1b, \u202e), as in
/// approvekit-review; two different texts never look the same. The terminal must read UTF-8.
[[nodiscard]] std::string terminal_text(std::string_view text);

/// The same for a name within a sentence: unchanged if it consists only of letters, digits and . _ - / : @, otherwise
/// in quotes, so that it cannot be taken for more than a name.
[[nodiscard]] std::string terminal_name(std::string_view name);

/// Returns `value` as one line of JSON in ASCII, equivalent to any other notation. Bytes that are not UTF-8 become
/// U+FFFD.
[[nodiscard]] std::string terminal_json(const Json& value);

}  // namespace approvekit
