#include "sqlite/byte_locks.hpp"

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

// First shared and then looked, so that of two who choose at once at least one sees the other.
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

}  // namespace approvekit::sqlite
