#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets eight processes race `count` times for what is left of a limit of calls and of one of a sum.
///
/// Returns whether each time as many calls ran as the limit lets, no more was spent than the sum lets, what was refused did
/// not fit into what was left, and the record verifies.
[[nodiscard]] bool race_for_limits(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
