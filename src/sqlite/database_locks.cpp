#include "sqlite/database_locks.hpp"

#include <sqlite3.h>

namespace approvekit::sqlite {
namespace {

// Where SQLite puts its locks in every database file; no page is ever stored there.
constexpr ::off_t pending_byte = 0x40000000;
constexpr ::off_t reserved_byte = pending_byte + 1;
constexpr ::off_t shared_first = pending_byte + 2;
constexpr ::off_t shared_count = 510;
constexpr ::off_t foreign_byte = shared_first + shared_count - 1;

}  // namespace

int DatabaseLocks::lock(int level) noexcept {
    if (level <= level_) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) return share();
    if (level > SQLITE_LOCK_RESERVED) return exclude();
    const int result = bytes_.exclude(reserved_byte, 1);
    if (result == SQLITE_OK) level_ = SQLITE_LOCK_RESERVED;
    return result;
}

// A writer that waits holds the pending byte, so that no stream of readers keeps it waiting for ever.
int DatabaseLocks::share() noexcept {
    if (const int result = bytes_.share(pending_byte, 1); result != SQLITE_OK) return result;
    const int result = bytes_.share(shared_first, shared_count - 1);
    if (result == SQLITE_OK) level_ = SQLITE_LOCK_SHARED;
    const int released = bytes_.release(pending_byte, 1);
    return result == SQLITE_OK ? released : result;
}

int DatabaseLocks::exclude() noexcept {
    if (level_ < SQLITE_LOCK_PENDING) {
        if (const int result = bytes_.exclude(pending_byte, 1); result != SQLITE_OK) return result;
        level_ = SQLITE_LOCK_PENDING;
    }
    const int result = bytes_.exclude(shared_first, shared_count);
    if (result == SQLITE_OK) level_ = SQLITE_LOCK_EXCLUSIVE;
    return result;
}

int DatabaseLocks::unlock(int level) noexcept {
    if (level >= level_) return SQLITE_OK;
    if (level == SQLITE_LOCK_NONE) {
        level_ = SQLITE_LOCK_NONE;
        return bytes_.release(pending_byte, shared_first + shared_count - pending_byte);
    }
    if (level_ == SQLITE_LOCK_EXCLUSIVE) {
        if (const int result = bytes_.share(shared_first, shared_count - 1); result != SQLITE_OK) return result;
        if (const int result = bytes_.release(foreign_byte, 1); result != SQLITE_OK) return result;
    }
    level_ = SQLITE_LOCK_SHARED;
    return bytes_.release(pending_byte, 2);
}

int DatabaseLocks::check_reserved(bool& is_reserved) const noexcept {
    is_reserved = level_ > SQLITE_LOCK_SHARED;
    if (is_reserved || bytes_.look_for_others(reserved_byte, 1, is_reserved) == SQLITE_OK) return SQLITE_OK;
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
}

int DatabaseLocks::look_for_foreign_readers(bool& are_there) const noexcept {
    return bytes_.look_for_others(foreign_byte, 1, are_there);
}

}  // namespace approvekit::sqlite
