#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets the last vote of a quorum race against a rejection, the deadline, the caller's cancel and another last vote,
/// each in a separate process, `count` times each. What was approved is then run.
///
/// Prints who won how often. Returns whether each time exactly one won, the other was told who, and the record verifies
/// and says the same.
[[nodiscard]] bool race_for_votes(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
