#pragma once

#include <filesystem>

namespace approvekit::testing {

/// From now on, in the whole process, records are databases on the server of the tests, which is started if there is
/// none.
void keep_records_on_server(int lanes);

/// Lets a busy agent and a busy reviewer share a record on the server of keep_records_on_server(). The server ends one
/// of their connections, `count` times, in the middle of whatever it does. No process may end because of it.
[[nodiscard]] bool end_connections(const std::filesystem::path& directory, int count, unsigned seed);

/// The same on a separate server, all of whose processes are killed at once, and which is started again.
[[nodiscard]] bool crash_server(const std::filesystem::path& directory, int lanes, int count, unsigned seed);

/// The same on separate servers, each of which is killed once and replaced by a standby that followed it synchronously.
[[nodiscard]] bool promote_standbys(const std::filesystem::path& directory, int lanes, int count, unsigned seed);

}  // namespace approvekit::testing
