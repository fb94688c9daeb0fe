#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills an agent, then a reviewer, at every `step`-th of its system calls, starting with the `first`, and each time
/// compares the record with what the tools did. Prints a table of the results to the standard output.
///
/// Returns whether every record was true. The files are created in `directory`.
[[nodiscard]] bool kill_at_every_system_call(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
