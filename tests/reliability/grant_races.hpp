#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets eight processes race `count` times for the uses of a grant; in every second race also against its revocation.
///
/// Returns whether each time exactly as many calls ran as the grant allows (or no more than that if it was revoked),
/// none ran that was made after the revocation had returned, and the record verifies.
[[nodiscard]] bool race_for_grants(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
