#pragma once

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"

#include <string>
#include <vector>

namespace approvekit::record {

/// Returns the JSON of a column. A text that another program stored may be unfit to show (malformed, endlessly nested,
/// a key twice, numbers too long to keep); then returns the text itself as one string.
[[nodiscard]] Json stored_json(const std::string& text);

/// Returns the hidden values that a row lists, or nothing if the list is not in the form that we write. The view's
/// digest then shows that somebody altered the row.
[[nodiscard]] std::vector<Redaction> stored_redactions(const std::string& text);

}  // namespace approvekit::record
