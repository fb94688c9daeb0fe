#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets eight processes race `count` times within one limit: calls that the policy allows, calls that were approved
/// before, and calls that are allowed to start and given up. When all have ended, one process spends what is left, and
/// exactly as many calls must have run as the limit allows. Prints what it did, and each race where that was not so.
[[nodiscard]] bool race_within_limits(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
