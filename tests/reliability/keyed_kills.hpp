#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Kills four agents, which make calls with idempotency keys, and a reviewer at random moments and starts them again.
/// Checks the record after each death, until `count` processes were killed. Prints how the calls ended. Returns false
/// if the record was not true, a call ran twice, or a call that an agent was told about had not ended.
[[nodiscard]] bool kill_with_keys(const std::filesystem::path& directory, int count, unsigned seed);

}  // namespace approvekit::testing
