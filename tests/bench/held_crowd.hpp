#pragma once

#include "sample_call.hpp"

namespace approvekit::bench {

/// Holds calls, each awaited by its own thread. Writes to standard output when all wait, and then, for each line of
/// standard input until its end, the processor time that was used.
void hold_crowd(const SampleAgent& agent, int count);

}  // namespace approvekit::bench
