#pragma once

#include "agent_under_test.hpp"
#include "shared_memory.hpp"

#include <atomic>
#include <string>

namespace approvekit::testing {

/// How many calls a process has dealt with.
using Progress = std::atomic<int>;

/// An agent whose threads make calls that are held, and calls that the policy allows, until it is killed.
[[noreturn]] void work_for_ever(const Site& site, Progress& progress);

/// An agent that makes one call with a key after the other, held ones and ones that the policy allows. `next` is the
/// number of the call that it is at, which outlives it: started again it asks for that one again.
[[noreturn]] void work_with_keys(const Site& site, const std::string& agent, std::atomic<int>& next,
                                 Progress& progress);

/// A reviewer who approves two of three calls and rejects the third, until it is killed.
[[noreturn]] void review_for_ever(const Site& site, Progress& progress);

}  // namespace approvekit::testing
