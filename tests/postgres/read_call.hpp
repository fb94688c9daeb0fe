#pragma once

#include "approvekit/storage.hpp"

namespace approvekit::testing {

/// A call that nobody is asked about.
inline const Intent read_call{"read", "{}", "{}", "auto-approved by policy", "test"};

}  // namespace approvekit::testing
