#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills an agent that makes calls under limits at every `step`-th system call of its, starting with the `first`; after its
/// death another one spends what is left of the limits, which must be what the calls on record have left of them. Prints a
/// table to the standard output.
///
/// Returns whether every record was true. `directory` is where the files are made.
[[nodiscard]] bool kill_spenders(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
