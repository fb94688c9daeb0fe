#pragma once

#include <cstddef>

namespace approvekit {

/// Where recursion into a JSON value ends whatever its caller allows: the stack is safe up to here.
inline constexpr std::size_t deepest_json = 1000;

}  // namespace approvekit
