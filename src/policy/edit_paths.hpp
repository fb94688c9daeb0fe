#pragma once

#include "policy/value_reader.hpp"

#include <string>
#include <vector>

namespace approvekit::policy {

/// Reads which arguments may be what `may` says ("be edited", "differ"), and reports what is wrong with that. What comes
/// back counts only as long as nothing was reported.
[[nodiscard]] std::vector<std::string> read_argument_paths(const ValueReader& values, const Node& value,
                                                           const std::string& path, const std::string& may);

}  // namespace approvekit::policy
