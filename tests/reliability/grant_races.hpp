#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets eight processes race `count` times for the uses of a grant, in every second race against its revocation.
///
/// Returns whether each time as many calls ran as the grant lets, or no more where it was revoked, none ran that was asked for
/// after the revocation had returned, and the record verifies.
[[nodiscard]] bool race_for_grants(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
