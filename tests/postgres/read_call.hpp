#pragma once

#include "approvekit/storage.hpp"

namespace approvekit::testing {

/// A call that needs no question.
inline const Intent read_call{"read", "{}", "{}", "auto-approved by policy", "test"};

}  // namespace approvekit::testing
