#pragma once

#include "policy/document.hpp"
#include "policy/terms.hpp"

#include <vector>

namespace approvekit::policy {

/// Warns of what is legal in `terms` but may not be meant. `document` is what they were read from, without a problem.
void find_suspicions(const Terms& terms, const Node& document, Problems& warnings);

}  // namespace approvekit::policy
