#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets eight processes race `count` times for what is left of a limit on calls and of one on a sum.
///
/// Returns whether each time exactly as many calls ran as the limit allows, no more was spent than the sum allows, what
/// was refused did not fit into what was left, and the record verifies.
[[nodiscard]] bool race_for_limits(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
