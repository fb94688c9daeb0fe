#pragma once

#include "sqlite/lock_descriptor.hpp"

#include <cstdint>

#include <sys/types.h>

namespace approvekit::sqlite {

/// Locks on bytes of an open file that belong to its open file description: they go with its last descriptor and with
/// nothing else. Those that SQLite takes by itself, of the older POSIX kind, belong to the process, and all of them go
/// as soon as any part of the process closes any descriptor of that file. The two kinds exclude each other.
///
/// None of these waits. They return a result of SQLite: SQLITE_OK, SQLITE_BUSY where somebody else holds what is in the
/// way, SQLITE_IOERR_LOCK. Owns nothing; the descriptor must outlive it. In a forked child all of them fail.
class ByteLocks {
public:
    /// Whether this system has such locks.
    [[nodiscard]] static bool are_available() noexcept;

    explicit ByteLocks(const LockDescriptor& file) noexcept : file_(&file) {}

    [[nodiscard]] int share(::off_t first, ::off_t count) const noexcept;
    [[nodiscard]] int exclude(::off_t first, ::off_t count) const noexcept;
    [[nodiscard]] int release(::off_t first, ::off_t count) const noexcept;
    void release_all() const noexcept;

    /// Shares the one byte, far behind all that is stored, that stands for `choice`. SQLITE_BUSY, and nothing is held,
    /// where somebody else shares the byte of another choice.
    [[nodiscard]] int agree_on(std::uint64_t choice) const noexcept;
    void forget_choice() const noexcept;

    /// Tells in `are_held` whether anybody else holds a lock there, shared or not. SQLITE_IOERR_LOCK, and it stays as it
    /// is, where the system does not say.
    [[nodiscard]] int look_for_others(::off_t first, ::off_t count, bool& are_held) const noexcept;

private:
    [[nodiscard]] int set(short type, ::off_t first, ::off_t count) const noexcept;

    const LockDescriptor* file_;
};

/// The levels that one connection locks its database file to, on the bytes that every SQLite uses for them: see
/// "File Locking And Concurrency" in SQLite's documents. Not thread-safe.
///
/// Who reads holds all of the bytes for readers but the last, which foreign programs hold too: by it they are told from
/// ours, and writers of either kind wait for readers of both.
class DatabaseLocks {
public:
    /// `file` is open for as long as this lives, for writing unless nothing is ever written.
    explicit DatabaseLocks(const LockDescriptor& file) noexcept : bytes_(file) {}

    /// Climbs to `level`, one of SQLITE_LOCK_*; returns a result of SQLite.
    [[nodiscard]] int lock(int level) noexcept;
    /// Steps down to SQLITE_LOCK_SHARED or SQLITE_LOCK_NONE.
    [[nodiscard]] int unlock(int level) noexcept;

    /// Tells whether anybody, this connection too, is about to write; or SQLITE_IOERR_CHECKRESERVEDLOCK. Who is told of
    /// a writer leaves a journal alone, so what is not known must not be taken for one.
    [[nodiscard]] int check_reserved(bool& is_reserved) const noexcept;

    /// Tells whether a foreign program has the file open with a write-ahead log, or reads it right now. As
    /// ByteLocks::look_for_others().
    [[nodiscard]] int look_for_foreign_readers(bool& are_there) const noexcept;

private:
    [[nodiscard]] int share() noexcept;
    [[nodiscard]] int exclude() noexcept;

    ByteLocks bytes_;
    int level_ = 0;
};

}  // namespace approvekit::sqlite
