#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills an agent that is granted calls, by a reviewer in its process, at every `step`-th system call, starting with the
/// `first`; after each death another agent makes as many calls as the grant still lets, which must be what the calls on
/// record have left of it. Prints tables to the standard output.
///
/// Returns whether every record was true. `directory` is where the files are made.
[[nodiscard]] bool kill_granted(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
