#include "sqlite/open_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

constexpr int first_number = STDERR_FILENO + 1;

FileDescriptor open_safely(const std::string& path, int flags, ::mode_t mode) noexcept {
    FileDescriptor file(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode));
    if (!file || file.get() >= first_number) return file;
    return FileDescriptor(::fcntl(file.get(), F_DUPFD_CLOEXEC, first_number));
}

/// Whatever the umask.
void be_like(const struct stat& database, int file) noexcept {
    if (::geteuid() == 0 && ::fchown(file, database.st_uid, database.st_gid) != 0) return;
    if (::fchmod(file, database.st_mode & 0666U) != 0) return;
}

bool is_trusted(int file, const struct stat& database) noexcept {
    struct stat status {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink > 1) return false;
    return status.st_uid == ::geteuid() || status.st_uid == 0 || status.st_uid == database.st_uid;
}

}  // namespace

FileDescriptor open_existing_file(const std::string& path, bool for_writing) noexcept {
    return open_safely(path, for_writing ? O_RDWR : O_RDONLY, 0);
}

FileDescriptor open_shared_file(const std::string& path, const struct stat& database) noexcept {
    FileDescriptor file = open_safely(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file) {
        be_like(database, file.get());
        return file;
    }
    file = open_safely(path, O_RDWR, 0);
    if (file && !is_trusted(file.get(), database)) return {};
    return file;
}

}  // namespace approvekit::sqlite
