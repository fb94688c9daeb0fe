#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace approvekit::sqlite {

/// What to tell of a file that could not be opened, from the `error` (as of errno): how many files are open, or whose
/// it is, who asks, and what to do about it.
[[nodiscard]] std::string why_not_opened(const std::filesystem::path& file, int error);

/// What keeps this process from reading and writing a database or what stands beside it, for failures that SQLite
/// does not explain. Nothing when nothing is found.
[[nodiscard]] std::optional<std::string> obstacle_at(const std::filesystem::path& database);

/// Whether this process could write the database: the file, and what has to be made beside it.
[[nodiscard]] bool is_writable(const std::filesystem::path& database);

}  // namespace approvekit::sqlite
