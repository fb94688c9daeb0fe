#include "sqlite/locks.hpp"

#include "base/file_descriptor.hpp"

#include <sqlite3.h>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

constexpr ::off_t choices_first = ::off_t{1} << 61;
constexpr ::off_t choices_count = ::off_t{1} << 61;

struct flock range(short type, ::off_t first, ::off_t count) noexcept {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = first;
    lock.l_len = count;
    return lock;
}

#ifdef F_OFD_SETLK
constexpr int set_command = F_OFD_SETLK;
constexpr int get_command = F_OFD_GETLK;
#else
constexpr int set_command = F_SETLK;
constexpr int get_command = F_GETLK;
#endif

// SQLite has its locks here in every database file; no page is ever stored at this place.
constexpr ::off_t pending_byte = 0x40000000;
constexpr ::off_t reserved_byte = pending_byte + 1;
constexpr ::off_t shared_first = pending_byte + 2;
constexpr ::off_t shared_count = 510;
constexpr ::off_t foreign_byte = shared_first + shared_count - 1;

}  // namespace

bool ByteLocks::are_available() noexcept {
#ifdef F_OFD_SETLK
    const base::FileDescriptor any(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    struct flock lock = range(F_RDLCK, 0, 1);
    return !any || ::fcntl(any.get(), F_OFD_GETLK, &lock) == 0;
#else
    return false;
#endif
}

int ByteLocks::set(short type, ::off_t first, ::off_t count) const noexcept {
    struct flock lock = range(type, first, count);
    while (::fcntl(file_->get(), set_command, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES) return SQLITE_BUSY;
        if (errno != EINTR) return SQLITE_IOERR_LOCK;
    }
    return SQLITE_OK;
}

int ByteLocks::share(::off_t first, ::off_t count) const noexcept {
    return set(F_RDLCK, first, count);
}

int ByteLocks::exclude(::off_t first, ::off_t count) const noexcept {
    return set(F_WRLCK, first, count);
}

int ByteLocks::release(::off_t first, ::off_t count) const noexcept {
    return set(F_UNLCK, first, count);
}

void ByteLocks::release_all() const noexcept {
    static_cast<void>(release(0, 0));
}

// Shares first and then looks, so that of two that choose at the same time at least one sees the other.
int ByteLocks::agree_on(std::uint64_t choice) const noexcept {
    const auto place = static_cast<::off_t>(choice % static_cast<std::uint64_t>(choices_count - 2)) + 1;
    if (const int shared = share(choices_first + place, 1); shared != SQLITE_OK) return shared;
    bool is_before = false;
    bool is_behind = false;
    int result = look_for_others(choices_first, place, is_before);
    if (result == SQLITE_OK) result = look_for_others(choices_first + place + 1, choices_count - place - 1, is_behind);
    if (result == SQLITE_OK && !is_before && !is_behind) return SQLITE_OK;
    forget_choice();
    return result == SQLITE_OK ? SQLITE_BUSY : result;
}

void ByteLocks::forget_choice() const noexcept {
    static_cast<void>(release(choices_first, choices_count));
}

int ByteLocks::look_for_others(::off_t first, ::off_t count, bool& are_held) const noexcept {
    struct flock lock = range(F_WRLCK, first, count);
    if (::fcntl(file_->get(), get_command, &lock) != 0) return SQLITE_IOERR_LOCK;
    are_held = lock.l_type != F_UNLCK;
    return SQLITE_OK;
}

int DatabaseLocks::lock(int level) noexcept {
    if (level <= level_) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) return share();
    if (level > SQLITE_LOCK_RESERVED) return exclude();
    const int result = bytes_.exclude(reserved_byte, 1);
    if (result == SQLITE_OK) level_ = SQLITE_LOCK_RESERVED;
    return result;
}

// A waiting writer holds the pending byte, so that a steady stream of readers cannot keep it waiting for ever.
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
