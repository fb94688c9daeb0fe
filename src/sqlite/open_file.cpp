#include "sqlite/open_file.hpp"

#include "sqlite/side_files.hpp"

#include <cerrno>
#include <filesystem>

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

bool is_trusted(const std::string& path, int file, const struct stat& database) {
    struct stat status {};
    struct stat folder {};
    return ::fstat(file, &status) == 0 && ::stat(std::filesystem::path(path).parent_path().c_str(), &folder) == 0 &&
           !objection_to(status, database, folder);
}

}  // namespace

FileDescriptor open_existing_file(const std::string& path, bool for_writing) noexcept {
    return open_safely(path, for_writing ? O_RDWR : O_RDONLY, 0);
}

bool stands_at(const std::string& path, const struct stat& file) noexcept {
    struct stat now {};
    return ::lstat(path.c_str(), &now) == 0 && now.st_dev == file.st_dev && now.st_ino == file.st_ino;
}

FileDescriptor open_shared_file(const std::string& path, const struct stat& database, bool for_writing) noexcept {
    FileDescriptor file;
    if (for_writing) file = open_safely(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file) {
        share_like(database, file.get());
        return file;
    }
    file = open_existing_file(path, for_writing);
    if (file && !is_trusted(path, file.get(), database)) return {};
    return file;
}

}  // namespace approvekit::sqlite
