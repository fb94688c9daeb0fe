#pragma once

#include "base/file_descriptor.hpp"
#include "sqlite/lock_descriptor.hpp"

#include <filesystem>
#include <mutex>

namespace approvekit::sqlite {

/// "<database>-bell", the file that tells other processes about a commit.
[[nodiscard]] std::filesystem::path bell_path(const std::filesystem::path& database);

/// What the bell file is opened for.
enum class BellAccess { write, read };

/// Opens the bell file with its own file description.
///
/// For writing, it is created when missing, with the group and permissions of the database (0600 if there is none yet),
/// so that everybody who may decide may also ring. For reading, a missing file gives an empty descriptor. Throws
/// StorageError: unsafe_path for a file that check_side_file() refuses (writing through a planted link would damage the
/// file behind it), else storage_io or storage_read_only.
[[nodiscard]] base::FileDescriptor open_bell(const std::filesystem::path& database, BellAccess access);

/// As open_bell() for writing, in a descriptor for locks.
void open_bell(const std::filesystem::path& database, LockDescriptor& file);

/// Whether `file` is the bell that is there now; somebody may have removed or replaced it.
[[nodiscard]] bool is_bell_of(const std::filesystem::path& database, int file) noexcept;

/// Rung after each commit that others wait for; the DirectoryWatch of every process notices at once.
///
/// Rings are events, not data, so nothing is ever synced to disk. When the process that has it open dies, the system
/// closes the file, and that is noticed too. If somebody removed the bell, the next ring creates it again. Thread-safe.
class Bell {
public:
    /// Throws what open_bell throws.
    explicit Bell(const std::filesystem::path& database);

    /// A ring that fails (a full disk) causes only a delay: the poll finds the change.
    void ring() noexcept;

private:
    void make_anew() noexcept;

    std::filesystem::path database_;
    std::mutex mutex_;
    base::FileDescriptor file_;
};

}  // namespace approvekit::sqlite
