#pragma once

#include "policy/document.hpp"
#include "policy/terms.hpp"

#include <vector>

namespace approvekit::policy {

/// Says what is legal in `terms` and yet may not be meant. `document` is what they were read from, without a problem.
void find_suspicions(const Terms& terms, const Node& document, Problems& warnings);

/// Says which conditions are legal and yet may not be meant. `rules` are what those of `terms` were read from.
void find_condition_suspicions(const Terms& terms, const std::vector<Node>& rules, Problems& warnings);

}  // namespace approvekit::policy
