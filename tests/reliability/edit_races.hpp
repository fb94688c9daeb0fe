#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets an approval that edits the arguments race against one that edits them otherwise, against one of what was asked, and
/// against the deadline, each from a process of its own, `count` times each. What was approved is then run.
///
/// Prints who won how often. Returns whether each time exactly one did, the other was told who, the tool got the arguments
/// that the winner approved and its caller was told of them, and the record verifies and tells the same.
[[nodiscard]] bool race_for_edits(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
