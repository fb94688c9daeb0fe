#pragma once

#include "policy/document.hpp"
#include "policy/terms.hpp"

#include <vector>

namespace approvekit::policy {

/// Warns of conditions that are legal but may not be meant. `rules` are the nodes from which the rules of `terms` were
/// read.
void find_condition_suspicions(const Terms& terms, const std::vector<Node>& rules, Problems& warnings);

}  // namespace approvekit::policy
