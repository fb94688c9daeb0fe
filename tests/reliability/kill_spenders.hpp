#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills an agent that makes calls under limits at every `step`-th of its system calls, starting with the `first`.
/// After its death another agent spends what is left of the limits, which must be what the calls on record have left.
/// Prints a table to the standard output.
///
/// Returns whether every record was true. The files are created in `directory`.
[[nodiscard]] bool kill_spenders(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
