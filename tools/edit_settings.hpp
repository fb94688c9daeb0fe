#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <vector>

namespace approvekit::tools {

/// What the words behind an option such as --set say, each `args.body="Dear Ada"`: a path, and a value as JSON. Null for
/// none. Throws Error (invalid_option) for what is not so, and for a path that is given twice.
[[nodiscard]] Json settings_of(const std::string& option, const std::vector<std::string>& settings);

}  // namespace approvekit::tools
