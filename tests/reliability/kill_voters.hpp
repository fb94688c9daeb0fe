#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills whoever casts both votes that a call takes at every `step`-th system call, starting with the `first`, while the
/// call's agent waits, and has them cast again after that. Prints a table of what was on record at each death.
///
/// Returns whether every record was true, no vote was lost or counted twice, and the call ran once.
[[nodiscard]] bool kill_voters(const std::filesystem::path& directory, int first, int step);

/// The same with somebody who stops everything and lifts that again, while a call waits. After each death the call is
/// approved, and what is stopped by then is resumed.
///
/// Returns whether every record was true, a stop that was on record held all agents and no other did, none was lost, and
/// the call ran once.
[[nodiscard]] bool kill_stoppers(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
