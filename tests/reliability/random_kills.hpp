#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills a busy agent and a busy reviewer, one or both at a time, `count` times in all and at random moments, and holds
/// the record against what the tools did after each. What was killed is started again, at the same file, which is
/// changed for a new one now and then. Prints what was found to the standard output.
///
/// Returns whether every record was true.
[[nodiscard]] bool kill_at_random(const std::filesystem::path& directory, int count, unsigned seed);

}  // namespace approvekit::testing
