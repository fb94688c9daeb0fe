#pragma once

#include "base/file_descriptor.hpp"
#include "sqlite/database_locks.hpp"
#include "sqlite/log_index.hpp"

#include <memory>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// What one connection holds of a database file beside its content: the locks, the index of its log, and which file it
/// is. Not thread-safe.
class LockedFile {
public:
    /// Null where the file at `path` cannot be opened once more.
    [[nodiscard]] static std::unique_ptr<LockedFile> open(const char* path, bool for_writing);
    ~LockedFile();
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    [[nodiscard]] DatabaseLocks& locks() noexcept { return locks_; }

    /// Whether another file stands at the path now, or none.
    [[nodiscard]] bool has_moved() const noexcept;

    /// As xShmMap, xShmLock and xShmUnmap of SQLite.
    [[nodiscard]] int map_index(std::size_t region, std::size_t size, bool extend, void volatile** memory);
    [[nodiscard]] int lock_index(int first, int count, int flags) noexcept;
    void close_index(bool remove) noexcept;

private:
    LockedFile(std::string path, FileDescriptor file, const struct stat& identity);

    [[nodiscard]] int open_index();
    [[nodiscard]] int join_log();

    std::string path_;
    FileDescriptor file_;
    struct stat identity_;
    ByteLocks bytes_;
    DatabaseLocks locks_;
    std::optional<LogIndex> index_;
};

}  // namespace approvekit::sqlite
