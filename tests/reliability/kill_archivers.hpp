#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills a process that moves a part of a record into a file at every `step`-th system call, starting with the `first`.
/// Then somebody else does it again. Prints a table of what was on record at each death.
///
/// Returns whether after each death the record was as it was written, and in the end every entry was either in the
/// record or in exactly one file.
[[nodiscard]] bool kill_archivers(const std::filesystem::path& directory, int first, int step);

}  // namespace approvekit::testing
