#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <limits>

namespace approvekit {

/// Where recursion into a JSON value ends whatever its caller allows: the stack is safe up to here.
inline constexpr std::size_t deepest_json = 1000;

/// For what is read back: whatever was once accepted.
inline constexpr JsonLimits any_size{.bytes = std::numeric_limits<std::size_t>::max(), .depth = deepest_json};

}  // namespace approvekit
