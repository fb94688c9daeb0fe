#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets eight processes race `count` times within one limit: calls that the policy allows, calls that were approved before,
/// and calls that are let start and given up. When all have ended, one of them spends what is left, and as many calls must
/// have run as the limit lets. Prints what it did, and each race that was not so.
[[nodiscard]] bool race_within_limits(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
