#pragma once

#include "base/file_descriptor.hpp"

#include <filesystem>

namespace approvekit::sqlite {

/// "<database>-bell", the file that tells other processes of a commit.
[[nodiscard]] std::filesystem::path bell_path(const std::filesystem::path& database);

/// What the bell file is opened for.
enum class BellAccess { write, read };

/// Opens the bell file in a file description of its own.
///
/// For writing it is created when missing, with the permissions of the database (0600 when there is none yet), so
/// that whoever may decide may also ring. For reading, a missing file gives an empty descriptor. Throws StorageError:
/// unsafe_path for what is not a regular file with one name that belongs to us, to root or to the owner of the
/// database (writing through a planted link would damage the file behind it), else storage_io or storage_read_only.
[[nodiscard]] FileDescriptor open_bell(const std::filesystem::path& database, BellAccess access);

/// Rung after each commit that others wait for: DirectoryWatch of every process notices at once.
///
/// Rings are events, not data, so nothing is ever synced to disk. When the holder dies, the system closes the file and
/// that is noticed too. Thread-safe.
class Bell {
public:
    /// Throws what open_bell throws.
    explicit Bell(const std::filesystem::path& database);

    /// A ring that fails (a full disk) is a delay only: the poll finds the change.
    void ring() noexcept;

private:
    FileDescriptor file_;
};

}  // namespace approvekit::sqlite
