#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills four agents, which make calls with idempotency keys, and a reviewer at random moments, starts them again, and
/// checks the record after each death, until `count` processes were killed. Prints how the calls ended. False when the
/// record was not true, a call ran twice, or one that an agent was told about had not come to an end.
[[nodiscard]] bool kill_with_keys(const std::filesystem::path& directory, int count, unsigned seed);

}  // namespace approvekit::testing
