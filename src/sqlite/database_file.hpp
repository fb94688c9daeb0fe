#pragma once

#include <filesystem>

#include "approvekit/sqlite_storage.hpp"

namespace approvekit::sqlite {

/// A path that is safe to open, and whether it was made just now.
struct DatabaseFile {
    std::filesystem::path path;
    bool created = false;
};

/// Resolves the directory, refuses anything but a regular file that stands there under one name and with what is
/// beside it, and creates a missing file with mode 0600.
/// Throws StorageError: unsafe_path, missing_database, storage_io, storage_read_only.
[[nodiscard]] DatabaseFile prepare_file(const std::filesystem::path& path, Missing missing);

/// Whether something is mounted at this very path. False where the system cannot tell (Linux can since 5.8).
[[nodiscard]] bool is_mount_point(const std::filesystem::path& path);

}  // namespace approvekit::sqlite
