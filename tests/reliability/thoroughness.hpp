#pragma once

#include "support/sanitized.hpp"

#include <cstdlib>
#include <string>

namespace approvekit::testing {

/// The distance between the places where a fault is tried: `usual`, unless tests/reliability/run asks for another one.
inline int distance(int usual) {
    const char* const wanted = std::getenv("APPROVEKIT_FAULT_DISTANCE");
    return wanted == nullptr ? usual : std::stoi(wanted);
}

}  // namespace approvekit::testing
