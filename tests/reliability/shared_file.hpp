#pragma once

#include "approvekit/sqlite_storage.hpp"

#include <chrono>
#include <filesystem>

namespace approvekit::testing {

/// Two agents write for `time`, while a tool in each of them opens, reads and closes the database and all files beside
/// it again and again, as grep or a backup does.
///
/// Prints what was written. Returns whether the file is sound and contains everything that the agents were told it
/// does.
[[nodiscard]] bool read_while_writing(const std::filesystem::path& directory, std::chrono::seconds time,
                                      Sharing sharing);

/// Four agents write and a reader verifies for `time`. A checkpoint follows each commit, every sync and every lock
/// takes a random time, and each of the five processes is killed at random and started again.
[[nodiscard]] bool kill_while_checkpointing(const std::filesystem::path& directory, std::chrono::seconds time,
                                            unsigned seed);

}  // namespace approvekit::testing
