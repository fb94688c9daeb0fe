#pragma once

#include "approvekit/sqlite_storage.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace approvekit::sqlite {

/// A path that is safe to open, and whether the file was just created.
struct DatabaseFile {
    std::filesystem::path path;
    bool created = false;
};

/// Resolves the directory and creates a missing file with mode 0600. Refuses anything other than a regular file with
/// exactly one name and with the files beside it. Throws StorageError: unsafe_path, missing_database, storage_io,
/// storage_read_only.
[[nodiscard]] DatabaseFile prepare_file(const std::filesystem::path& path, Missing missing);

/// Whether something is mounted at exactly this path. False if the system cannot tell (Linux can since 5.8).
[[nodiscard]] bool is_mount_point(const std::filesystem::path& path);

/// Explains why a file could not be opened, from `error` (as in errno): how many files are open, or who owns it and who
/// asks, and what to do about it.
[[nodiscard]] std::string why_not_opened(const std::filesystem::path& file, int error);

/// Returns what keeps this process from reading and writing a database or the files beside it, for failures that SQLite
/// does not explain. Returns nothing if nothing is found.
[[nodiscard]] std::optional<std::string> obstacle_at(const std::filesystem::path& database);

/// Whether this process could write the database: the file itself, and the files that have to be created beside it.
[[nodiscard]] bool is_writable(const std::filesystem::path& database);

/// Whether a file may also be in use on other hosts, which delay writes until they are told to sync, and share no
/// memory: NFS, CIFS, 9P, Ceph, and FUSE, behind which anything may be.
[[nodiscard]] bool is_on_network(int file) noexcept;
[[nodiscard]] bool is_on_network(const std::filesystem::path& path) noexcept;

/// Returns the path as the URI that SQLite takes.
[[nodiscard]] std::string file_uri(const std::filesystem::path& path);

}  // namespace approvekit::sqlite
