#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills an agent that gets a grant from a reviewer in its own process, at every `step`-th system call, starting with
/// the `first`. After each death another agent makes as many calls as the grant still allows; their number must be what
/// the calls on record have left. Prints tables to the standard output.
///
/// Returns whether every record was true. The files are created in `directory`.
[[nodiscard]] bool kill_granted(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
