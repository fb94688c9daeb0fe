#include "sqlite/bell.hpp"

#include "approvekit/error.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/side_files.hpp"

#include <cerrno>
#include <mutex>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

// O_NONBLOCK so that a planted FIFO or device is refused instead of waited for.
constexpr int safe_flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

[[noreturn]] void fail(const std::filesystem::path& bell, int error) {
    const bool is_planted = error == ELOOP || error == EMLINK || error == EISDIR || error == ENXIO;
    const auto code = is_planted       ? ErrorCode::unsafe_path
                      : error == EROFS ? ErrorCode::storage_read_only
                                       : ErrorCode::storage_io;
    throw StorageError(code, "cannot open bell file " + bell.string() + ": " +
                                 (is_planted ? "it is not a regular file; find out who put it there, and remove it"
                                             : why_not_opened(bell, error)));
}

void open_bell_as(base::FileDescriptor& file, const std::filesystem::path& bell, int flags) noexcept {
    file = base::FileDescriptor(::open(bell.c_str(), flags | safe_flags, 0600));
}

void open_bell_as(LockDescriptor& file, const std::filesystem::path& bell, int flags) noexcept {
    static_cast<void>(file.open(bell.c_str(), flags | safe_flags, 0600));
}

/// In two steps, since O_CREAT on an existing file of another user fails in sticky directories.
template <typename Descriptor>
void open_or_create(Descriptor& file, const std::filesystem::path& bell, const std::optional<struct stat>& database) {
    for (int attempt = 0; attempt < 10; ++attempt) {
        open_bell_as(file, bell, O_RDWR);
        if (file || errno != ENOENT) return;
        open_bell_as(file, bell, O_RDWR | O_CREAT | O_EXCL);
        if (file && database) share_like(*database, file.get());
        if (file || errno != EEXIST) return;
    }
}

struct stat status_of(const std::filesystem::path& bell, int file) {
    struct stat status {};
    if (::fstat(file, &status) != 0) fail(bell, errno);
    return status;
}

template <typename Descriptor>
void open_bell_to_write(Descriptor& file, const std::filesystem::path& database) {
    const auto bell = bell_path(database);
    const auto status = describe(database);
    open_or_create(file, bell, status);
    if (!file) fail(bell, errno);
    const struct stat opened = status_of(bell, file.get());
    check_side_file(bell, opened, database);
    if (status && opened.st_uid == ::geteuid()) share_like(*status, file.get());
}

base::FileDescriptor open_bell_to_read(const std::filesystem::path& bell, const std::filesystem::path& database) {
    base::FileDescriptor file;
    open_bell_as(file, bell, O_RDONLY);
    if (!file && errno == ENOENT) return file;
    if (!file) fail(bell, errno);
    check_side_file(bell, status_of(bell, file.get()), database);
    return file;
}

}  // namespace

std::filesystem::path bell_path(const std::filesystem::path& database) {
    return side_file(database, "-bell");
}

base::FileDescriptor open_bell(const std::filesystem::path& database, BellAccess access) {
    if (access == BellAccess::read) return open_bell_to_read(bell_path(database), database);
    base::FileDescriptor file;
    open_bell_to_write(file, database);
    return file;
}

void open_bell(const std::filesystem::path& database, LockDescriptor& file) {
    open_bell_to_write(file, database);
}

bool is_bell_of(const std::filesystem::path& database, int file) noexcept {
    struct stat standing {};
    struct stat held {};
    return ::lstat(bell_path(database).c_str(), &standing) == 0 && ::fstat(file, &held) == 0 &&
           standing.st_dev == held.st_dev && standing.st_ino == held.st_ino;
}

Bell::Bell(const std::filesystem::path& database)
    : database_(database), file_(open_bell(database, BellAccess::write)) {}

void Bell::ring() noexcept {
    const std::lock_guard lock(mutex_);
    if (!is_bell_of(database_, file_.get())) make_anew();
    const char byte = '.';
    // A lost ring does not matter, since the poll finds the change.
    [[maybe_unused]] const auto written = ::pwrite(file_.get(), &byte, 1, 0);
}

void Bell::make_anew() noexcept {
    try {
        file_ = open_bell(database_, BellAccess::write);
    } catch (const StorageError&) {
        // Those who wait find the change by the poll, and the next ring tries again.
    }
}

}  // namespace approvekit::sqlite
