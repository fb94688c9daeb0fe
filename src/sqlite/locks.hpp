#pragma once

#include "sqlite/lock_descriptor.hpp"

#include <cstdint>

#include <sys/types.h>

namespace approvekit::sqlite {

/// Locks on bytes of an open file that belong to its open file description: they are dropped with its last descriptor
/// and by nothing else. SQLite's own locks, of the older POSIX kind, belong to the process, and all of them are dropped
/// as soon as any part of the process closes any descriptor of that file. The two kinds exclude each other.
///
/// None of these functions waits. They return a result code of SQLite: SQLITE_OK, SQLITE_BUSY if a lock of somebody
/// else is in the way, or SQLITE_IOERR_LOCK. Owns nothing; the descriptor must outlive it. In a forked child all of
/// them fail.
class ByteLocks {
public:
    /// Whether this system has such locks.
    [[nodiscard]] static bool are_available() noexcept;

    explicit ByteLocks(const LockDescriptor& file) noexcept : file_(&file) {}

    [[nodiscard]] int share(::off_t first, ::off_t count) const noexcept;
    [[nodiscard]] int exclude(::off_t first, ::off_t count) const noexcept;
    [[nodiscard]] int release(::off_t first, ::off_t count) const noexcept;
    void release_all() const noexcept;

    /// Shares the one byte, far behind everything that is stored, that represents `choice`. Returns SQLITE_BUSY, and
    /// holds nothing, if somebody else shares the byte of another choice.
    [[nodiscard]] int agree_on(std::uint64_t choice) const noexcept;
    void forget_choice() const noexcept;

    /// Sets `are_held` to whether anybody else holds a lock there, shared or not. Returns SQLITE_IOERR_LOCK, and leaves
    /// it unchanged, if the system does not tell.
    [[nodiscard]] int look_for_others(::off_t first, ::off_t count, bool& are_held) const noexcept;

private:
    [[nodiscard]] int set(short type, ::off_t first, ::off_t count) const noexcept;

    const LockDescriptor* file_;
};

/// The lock levels of one connection on its database file, on the bytes that every SQLite uses for them: see "File
/// Locking And Concurrency" in SQLite's documentation. Not thread-safe.
///
/// Our readers hold all bytes for readers except the last one. Foreign programs hold the last one too, which
/// distinguishes them from ours. Writers of both kinds wait for readers of both kinds.
class DatabaseLocks {
public:
    /// `file` must stay open as long as this exists, for writing unless nothing is ever written.
    explicit DatabaseLocks(const LockDescriptor& file) noexcept : bytes_(file) {}

    /// Rises to `level`, one of SQLITE_LOCK_*. Returns a result code of SQLite.
    [[nodiscard]] int lock(int level) noexcept;
    /// Falls back to SQLITE_LOCK_SHARED or SQLITE_LOCK_NONE.
    [[nodiscard]] int unlock(int level) noexcept;

    /// Sets `is_reserved` to whether anybody, including this connection, is about to write. Returns
    /// SQLITE_IOERR_CHECKRESERVEDLOCK if that is not known: a caller that hears of a writer leaves a journal alone, so
    /// doubt must not count as a writer.
    [[nodiscard]] int check_reserved(bool& is_reserved) const noexcept;

    /// Sets `are_there` to whether a foreign program has the file open with a write-ahead log, or is just reading it.
    /// Results as in ByteLocks::look_for_others().
    [[nodiscard]] int look_for_foreign_readers(bool& are_there) const noexcept;

private:
    [[nodiscard]] int share() noexcept;
    [[nodiscard]] int exclude() noexcept;

    ByteLocks bytes_;
    int level_ = 0;
};

}  // namespace approvekit::sqlite
