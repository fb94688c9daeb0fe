#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets a stop race `count` times against the start of a call that the policy allows, of a ticket that it allowed
/// before, and of an approved call, each in a separate process.
///
/// Prints which came first how often. Returns whether nothing started between a stop and its lifting, by the order of
/// the audit and by what the tools did; everything did after that; and the record verifies.
[[nodiscard]] bool race_with_stops(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
