#pragma once

#include <filesystem>

#include "approvekit/sqlite_storage.hpp"

namespace approvekit::sqlite {

/// A path that is safe to open, and whether it was made just now.
struct DatabaseFile {
    std::filesystem::path path;
    bool created = false;
};

/// Resolves the directory, refuses anything but a regular file, and creates a missing file with mode 0600.
/// Throws StorageError: unsafe_path, missing_database, storage_io, storage_read_only.
[[nodiscard]] DatabaseFile prepare_file(const std::filesystem::path& path, Missing missing);

}  // namespace approvekit::sqlite
