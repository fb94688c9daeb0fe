#pragma once

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"

#include <string>
#include <vector>

namespace approvekit::record {

/// The JSON that stands in a column. What another program stored need not be fit to show (malformed, endlessly
/// nested, a key twice, numbers too long to keep): then it is the text as it is, in one string.
[[nodiscard]] Json stored_json(const std::string& text);

/// What a row says of its hidden values; nothing where that is not as we write it. The view's digest then tells that
/// somebody altered the row.
[[nodiscard]] std::vector<Redaction> stored_redactions(const std::string& text);

}  // namespace approvekit::record
