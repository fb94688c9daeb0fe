#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills whoever casts the votes on a call that may be edited, of which an edit makes the first one fall, at every
/// `step`-th system call, starting with the `first`, while the call's agent waits; they are cast again after that. Then
/// the same with an agent whose call a reviewer in the same process edits. Prints tables of what was on record at each
/// death.
///
/// Returns whether every record was true, no vote or edit was lost or counted twice, and no tool ran with other arguments
/// than were approved.
[[nodiscard]] bool kill_editors(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
