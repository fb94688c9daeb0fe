#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills a process that casts the votes on an editable call, where an edit makes the first vote void, at every
/// `step`-th system call, starting with the `first`, while the call's agent waits. The votes are cast again after that.
/// Then does the same with an agent whose call is edited by a reviewer in the same process. Prints tables of what was
/// on record at each death.
///
/// Returns whether every record was true, no vote or edit was lost or counted twice, and no tool ran with other
/// arguments than were approved.
[[nodiscard]] bool kill_editors(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
