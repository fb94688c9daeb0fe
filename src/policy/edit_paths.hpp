#pragma once

#include "policy/value_reader.hpp"

#include <string>
#include <vector>

namespace approvekit::policy {

/// Reads which arguments a reviewer may edit, and reports what is wrong with that. What comes back counts only as long
/// as nothing was reported.
[[nodiscard]] std::vector<std::string> read_edit_paths(const ValueReader& values, const Node& value,
                                                       const std::string& path);

}  // namespace approvekit::policy
