#include "sqlite/bell.hpp"

#include "approvekit/error.hpp"

#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

// O_NONBLOCK so that a planted FIFO or device is refused instead of waited for.
constexpr int safe_flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

[[noreturn]] void refuse(const std::filesystem::path& bell, const std::string& reason) {
    throw StorageError(ErrorCode::unsafe_path,
                       "bell file " + bell.string() + " " + reason + ": remove it, and find out who put it there");
}

[[noreturn]] void fail(const std::filesystem::path& bell, int error) {
    if (error == ELOOP || error == EMLINK) refuse(bell, "is a symbolic link");
    if (error == EISDIR || error == ENXIO) refuse(bell, "is not a regular file");
    const auto code = error == EROFS ? ErrorCode::storage_read_only : ErrorCode::storage_io;
    throw StorageError(code, "cannot open bell file " + bell.string() + ": " + std::generic_category().message(error) +
                                 ": it needs the same owner and permissions as the database");
}

std::optional<struct stat> describe(const std::filesystem::path& database) {
    struct stat status {};
    if (::lstat(database.c_str(), &status) != 0) return std::nullopt;
    return status;
}

/// As private as the database, whatever the umask.
void share_like(const struct stat& database, int file) {
    const ::uid_t user = ::geteuid() == 0 ? database.st_uid : static_cast<::uid_t>(-1);
    // Without the database's group, its group permissions would go to the wrong people.
    if (::fchown(file, user, database.st_gid) != 0) return;
    if (::fchmod(file, database.st_mode & 0666U) != 0) return;
}

FileDescriptor create(const std::filesystem::path& bell, const std::optional<struct stat>& database) {
    FileDescriptor file(::open(bell.c_str(), O_RDWR | O_CREAT | O_EXCL | safe_flags, 0600));
    if (file && database) share_like(*database, file.get());
    return file;
}

/// In two steps, since O_CREAT on an existing file of another user fails in sticky directories.
FileDescriptor open_or_create(const std::filesystem::path& bell, const std::optional<struct stat>& database) {
    for (int attempt = 0; attempt < 10; ++attempt) {
        FileDescriptor file(::open(bell.c_str(), O_RDWR | safe_flags));
        if (file || errno != ENOENT) return file;
        file = create(bell, database);
        if (file || errno != EEXIST) return file;
    }
    return {};
}

void check(const std::filesystem::path& bell, int file, const std::optional<struct stat>& database) {
    struct stat status {};
    if (::fstat(file, &status) != 0) fail(bell, errno);
    if (!S_ISREG(status.st_mode)) refuse(bell, "is not a regular file");
    if (status.st_nlink > 1) refuse(bell, "has a second name (a hard link)");
    const bool ours = status.st_uid == ::geteuid() || status.st_uid == 0;
    if (!ours && !(database && status.st_uid == database->st_uid)) refuse(bell, "belongs to another user");
}

}  // namespace

std::filesystem::path bell_path(const std::filesystem::path& database) {
    auto path = database;
    path += "-bell";
    return path;
}

FileDescriptor open_bell(const std::filesystem::path& database, BellAccess access) {
    const auto bell = bell_path(database);
    const auto status = describe(database);
    auto file = access == BellAccess::write ? open_or_create(bell, status)
                                            : FileDescriptor(::open(bell.c_str(), O_RDONLY | safe_flags));
    if (!file && access == BellAccess::read && errno == ENOENT) return file;
    if (!file) fail(bell, errno);
    check(bell, file.get(), status);
    return file;
}

Bell::Bell(const std::filesystem::path& database) : file_(open_bell(database, BellAccess::write)) {}

void Bell::ring() noexcept {
    const char byte = '.';
    // A lost ring is found by the poll, so there is nothing to do about one.
    [[maybe_unused]] const auto written = ::pwrite(file_.get(), &byte, 1, 0);
}

}  // namespace approvekit::sqlite
