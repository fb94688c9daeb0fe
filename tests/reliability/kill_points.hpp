#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills an agent, then a reviewer, at every `step`-th system call of theirs, starting with the `first`, and holds the
/// record against what the tools did each time. Prints a table of what was found to the standard output.
///
/// Returns whether every record was true. `directory` is where the files are made.
[[nodiscard]] bool kill_at_every_system_call(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
