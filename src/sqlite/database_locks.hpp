#pragma once

#include "sqlite/byte_locks.hpp"

namespace approvekit::sqlite {

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
