#pragma once

#include "approvekit/policy.hpp"

#include <string>
#include <vector>

namespace approvekit::policy {

/// Returns what may not be meant by the tests of commands in the condition of `rule`, a sentence each.
/// `lets_others_run`: whether other calls of its tool run at once.
[[nodiscard]] std::vector<std::string> command_suspicions(const PolicyRule& rule, bool lets_others_run);

}  // namespace approvekit::policy
