#pragma once

#include "approvekit/sqlite_storage.hpp"

#include <filesystem>
#include <optional>
#include <string>

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

/// What to tell of a file that could not be opened, from the `error` (as of errno): how many files are open, or whose
/// it is, who asks, and what to do about it.
[[nodiscard]] std::string why_not_opened(const std::filesystem::path& file, int error);

/// What keeps this process from reading and writing a database or what stands beside it, for failures that SQLite
/// does not explain. Nothing when nothing is found.
[[nodiscard]] std::optional<std::string> obstacle_at(const std::filesystem::path& database);

/// Whether this process could write the database: the file, and what has to be made beside it.
[[nodiscard]] bool is_writable(const std::filesystem::path& database);

/// Whether a file may be in use on other hosts too, which keep writes back until they are told to sync and share no
/// memory: NFS, CIFS, 9P, Ceph, and FUSE, behind which there may be anything.
[[nodiscard]] bool is_on_network(int file) noexcept;
[[nodiscard]] bool is_on_network(const std::filesystem::path& path) noexcept;

/// The path as the URI that SQLite takes.
[[nodiscard]] std::string file_uri(const std::filesystem::path& path);

}  // namespace approvekit::sqlite
