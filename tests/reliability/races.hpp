#pragma once

#include <filesystem>

namespace approvekit::testing {

/// Lets four processes race for one request, `count` times: one approves as the browser does, one rejects as the
/// terminal does, one finds it overdue, and the agent cancels it. Each time exactly one must win, and all others must
/// be told who did. Prints the wins and the time taken to the standard output.
///
/// Returns whether that was so, and each of the four won some races.
[[nodiscard]] bool race(const std::filesystem::path& directory, int count);

}  // namespace approvekit::testing
