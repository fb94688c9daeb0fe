#pragma once

#include "agent_under_test.hpp"
#include "shared_memory.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace approvekit::testing {

/// What a process shows of its work, in memory that outlives the process.
struct Progress {
    std::atomic<int> finished{0};        ///< how many calls it has handled, or how often it has looked at everything
    std::atomic<std::int64_t> moves{0};  ///< changes while one of these takes long
};

/// An agent whose threads make calls that are held and calls that the policy allows, until it is killed. The names of
/// its calls begin with `name`.
[[noreturn]] void work_for_ever(const Site& site, const std::string& name, Progress& progress);

/// An agent that makes one call with a key after the other, both held ones and allowed ones. `next` is the number of
/// its current call and outlives it: when started again, it asks for that one again.
[[noreturn]] void work_with_keys(const Site& site, const std::string& agent, std::atomic<int>& next,
                                 Progress& progress);

/// A reviewer who approves two of three calls and rejects the third, until it is killed.
[[noreturn]] void review_for_ever(const Site& site, Progress& progress);

}  // namespace approvekit::testing
