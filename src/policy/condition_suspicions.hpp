#pragma once

#include "policy/document.hpp"
#include "policy/problems.hpp"
#include "policy/terms.hpp"

#include <vector>

namespace approvekit::policy {

/// Says which conditions are legal and yet may not be meant. `rules` are what those of `terms` were read from.
void find_condition_suspicions(const Terms& terms, const std::vector<Node>& rules, Problems& warnings);

}  // namespace approvekit::policy
