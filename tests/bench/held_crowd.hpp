#pragma once

#include "sample_call.hpp"

namespace approvekit::bench {

/// Holds calls, each awaited by a thread of its own. Says so on standard output once all wait, and then what processor time
/// was used whenever a line comes in, until no more does.
void hold_crowd(const SampleAgent& agent, int count);

}  // namespace approvekit::bench
