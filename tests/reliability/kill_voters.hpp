#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills a process that casts both votes that a call needs at every `step`-th system call, starting with the `first`,
/// while the call's agent waits. The votes are cast again after that. Prints a table of what was on record at each
/// death.
///
/// Returns whether every record was true, no vote was lost or counted twice, and the call ran once.
[[nodiscard]] bool kill_voters(const std::filesystem::path& directory, int first, int step);

/// The same with a process that stops everything and lifts the stop again, while a call waits. After each death the
/// call is approved, and everything that is still stopped is resumed.
///
/// Returns whether every record was true, a stop that was on record held all agents and no other did, none was lost,
/// and the call ran once.
[[nodiscard]] bool kill_stoppers(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
