#pragma once

#include "support/sanitized.hpp"

#include <cstdlib>
#include <string>

namespace approvekit::testing {

/// How far apart the tried places of a fault are: `usual`, unless tests/reliability/run asks for another distance.
inline int distance(int usual) {
    const char* const wanted = std::getenv("APPROVEKIT_FAULT_DISTANCE");
    return wanted == nullptr ? usual : std::stoi(wanted);
}

}  // namespace approvekit::testing
