#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <vector>

namespace approvekit::tools {

/// The edits that the words behind --set ask for, each `args.body="Dear Ada"`: a path, and its new value as JSON. Null for
/// none. Throws Error (invalid_option) for what is not so, and for a path that is set twice.
[[nodiscard]] Json edits_of(const std::vector<std::string>& settings);

}  // namespace approvekit::tools
