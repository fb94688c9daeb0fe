#pragma once

#include "sqlite/database_locks.hpp"
#include "sqlite/lock_descriptor.hpp"
#include "sqlite/log_index.hpp"

#include <memory>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// What stands at the path of a database that is open, and beside it. The numbers are what SQLITE_FCNTL_HAS_MOVED gives.
enum class Place {
    as_opened = 0,
    database_moved = 1,  ///< another file stands there, or none
    log_moved = 2        ///< beside it stands another log or index than those in use, or none
};

/// Of SQLite's kind, and its own for this: a foreign program reads the database and takes no part in the log beside it.
inline constexpr int cannot_open_outside_log = 14 | (0x41 << 8);  // SQLITE_CANTOPEN

/// What one connection holds of a database file beside its content: the locks, the log and its index, and which files
/// these are. Not thread-safe.
class LockedFile {
public:
    /// Null where the file at `path` cannot be opened once more.
    [[nodiscard]] static std::unique_ptr<LockedFile> open(const char* path, bool for_writing);
    ~LockedFile();
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    [[nodiscard]] DatabaseLocks& locks() noexcept { return locks_; }

    [[nodiscard]] Place place() const noexcept;

    /// To be called when SQLite has opened the log: the one beside the database now is the one that it uses until it
    /// opens another. False where none stands there.
    [[nodiscard]] bool remember_log() noexcept;

    /// As xShmMap, xShmLock and xShmUnmap of SQLite.
    [[nodiscard]] int map_index(std::size_t region, std::size_t size, bool extend, void volatile** memory);
    [[nodiscard]] int lock_index(int first, int count, int flags) noexcept;
    void close_index(bool remove) noexcept;

    /// Of SharingLock: shared by those who look up who may write the file, alone for who changes that.
    /// Results of SQLite.
    [[nodiscard]] int lock_sharing(bool exclusively) noexcept;
    void unlock_sharing() noexcept;

private:
    LockedFile(const char* path, bool for_writing);

    [[nodiscard]] int open_index();
    [[nodiscard]] int join_log();
    [[nodiscard]] int agree_with_users(LogIndex::Found found) noexcept;

    std::string path_;
    std::string log_path_;
    bool for_writing_;
    LockDescriptor file_{LockDescriptor::End::keep};
    struct stat identity_ {};
    ByteLocks bytes_{file_};
    DatabaseLocks locks_{file_};
    std::optional<struct stat> log_;
    std::optional<LogIndex> index_;
    bool joined_ = false;  ///< those who use the log and its index
    int misfits_ = 0;
};

}  // namespace approvekit::sqlite
