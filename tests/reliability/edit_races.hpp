#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets an approval that edits the arguments race against one with another edit, against one without edits, and against
/// the deadline, each in a separate process, `count` times each. What was approved is then run.
///
/// Prints who won how often. Returns whether each time exactly one won, the other was told who, the tool got the
/// arguments that the winner approved and its caller was told of them, and the record verifies and says the same.
[[nodiscard]] bool race_for_edits(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
