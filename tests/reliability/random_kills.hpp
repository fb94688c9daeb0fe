#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills a busy agent and a busy reviewer, one or both at a time, `count` times in all and at random moments. After
/// each kill, compares the record with what the tools did. A killed process is started again on the same file, which is
/// replaced by a new one now and then. Prints the results to the standard output.
///
/// Returns whether every record was true.
[[nodiscard]] bool kill_at_random(const std::filesystem::path& directory, int count, unsigned seed);

}  // namespace approvekit::testing
