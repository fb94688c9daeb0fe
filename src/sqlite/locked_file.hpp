#pragma once

#include "sqlite/lock_descriptor.hpp"
#include "sqlite/locks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// The index of a write-ahead log, in the file "<database>-shm" that all who use the log map into their memory, and the
/// locks on it: see "WAL-mode File Format" in SQLite's documentation. One for each connection. Not thread-safe.
///
/// It adds one rule to SQLite's: a writer also shares the lock that a checkpoint holds exclusively. So no checkpoint,
/// ours or a foreign one, runs while one of us writes. Up to SQLite 3.51.2, if a log was restarted while a checkpoint
/// began, later writes could be lost.
class LogIndex {
public:
    explicit LogIndex(std::string path) : path_(std::move(path)) {}
    ~LogIndex();
    LogIndex(const LogIndex&) = delete;
    LogIndex& operator=(const LogIndex&) = delete;

    /// Opens the file. With `for_writing`, creates it if it is missing, as private as `database`. Returns a result code
    /// of SQLite.
    [[nodiscard]] int open(const struct stat& database, bool for_writing);

    /// What was there before us.
    enum class Found {
        users,
        nothing,
        remains  ///< an index that was in use for this log, and that nobody uses now
    };

    /// Joins those who use the index; the first one empties it. A connection that can only read cannot be the first: it
    /// gets SQLITE_READONLY_CANTINIT, and SQLite then continues with the locks alone.
    [[nodiscard]] int join(Found& found) noexcept;

    /// Which file it is.
    [[nodiscard]] const struct stat& identity() const noexcept { return identity_; }
    [[nodiscard]] bool is_in_place() const noexcept;

    /// As ByteLocks::agree_on().
    [[nodiscard]] int agree_on(std::uint64_t choice) const noexcept { return bytes_.agree_on(choice); }

    /// Returns the address of a region in `memory`, or null if the file is too short and must not be extended. Returns
    /// SQLITE_READONLY, together with the address, if the connection can only read.
    [[nodiscard]] int map(std::size_t region, std::size_t size, bool extend, void volatile** memory);

    /// As xShmLock of SQLite: `flags` are SQLITE_SHM_*.
    [[nodiscard]] int lock(int first, int count, int flags) noexcept;

    void remove() const noexcept;

private:
    struct Mapping {
        void* memory;
        std::size_t size;
    };

    [[nodiscard]] int join_to_read() noexcept;
    [[nodiscard]] int map_up_to(std::size_t region, std::size_t size);
    [[nodiscard]] bool reaches(std::size_t size) const noexcept;
    [[nodiscard]] bool extend_to(std::size_t size) const noexcept;
    [[nodiscard]] int acquire(int first, int count, bool exclusive) noexcept;
    [[nodiscard]] int release(int first, int count) noexcept;

    std::string path_;
    bool for_writing_ = true;
    LockDescriptor file_{LockDescriptor::End::keep};
    struct stat identity_ {};
    ByteLocks bytes_{file_};
    std::vector<Mapping> mappings_;
    std::vector<char*> regions_;
    bool writes_ = false;       ///< and therefore shares the checkpoint lock
    bool checkpoints_ = false;  ///< holds that lock exclusively
};

/// What is at the path of an open database, and beside it. The numbers are those that SQLITE_FCNTL_HAS_MOVED returns.
enum class Place {
    as_opened = 0,
    database_moved = 1,  ///< another file is there, or none
    log_moved = 2        ///< the log or index beside it is not the one in use, or is missing
};

/// Our own result code in the form of SQLite's: a foreign program reads the database but does not use the log beside
/// it.
inline constexpr int cannot_open_outside_log = 14 | (0x41 << 8);  // SQLITE_CANTOPEN

/// What one connection has of a database file besides its content: the locks, the log and its index, and which files
/// these are. Not thread-safe.
class LockedFile {
public:
    /// Returns null if the file at `path` cannot be opened once more.
    [[nodiscard]] static std::unique_ptr<LockedFile> open(const char* path, bool for_writing);
    ~LockedFile();
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    [[nodiscard]] DatabaseLocks& locks() noexcept { return locks_; }

    [[nodiscard]] Place place() const noexcept;

    /// Call it when SQLite has opened the log. The log that is beside the database now is the one in use, until SQLite
    /// opens another. Returns false if there is none.
    [[nodiscard]] bool remember_log() noexcept;

    /// As xShmMap, xShmLock and xShmUnmap of SQLite.
    [[nodiscard]] int map_index(std::size_t region, std::size_t size, bool extend, void volatile** memory);
    [[nodiscard]] int lock_index(int first, int count, int flags) noexcept;
    void close_index(bool remove) noexcept;

    /// For SharingLock: shared by those who read who may write the file, exclusive for those who change it. Returns
    /// result codes of SQLite.
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
    bool joined_ = false;  ///< has joined those who use the log and its index
    int misfits_ = 0;
};

}  // namespace approvekit::sqlite
