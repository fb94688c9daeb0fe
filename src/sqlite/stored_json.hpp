#pragma once

#include "approvekit/json.hpp"

#include <string>

namespace approvekit::sqlite {

/// The JSON that stands in a column. What another program stored need not be fit to show (malformed, endlessly
/// nested, a key twice, numbers too long to keep): then it is the text as it is, in one string.
[[nodiscard]] Json stored_json(const std::string& text);

}  // namespace approvekit::sqlite
