#include "sqlite/open_file.hpp"

#include "base/file_descriptor.hpp"
#include "sqlite/side_files.hpp"

#include <array>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

constexpr int first_number = STDERR_FILENO + 1;

/// Takes the numbers of the standard streams that are free, for as long as it lives: a descriptor that got one could
/// only be moved to another by closing it, and with that the locks of others would go.
class StandardNumbers {
public:
    StandardNumbers() noexcept {
        for (int number = 0; number < first_number; ++number) {
            if (::fcntl(number, F_GETFD) < 0)
                taken_.at(static_cast<std::size_t>(number)) =
                    base::FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        }
    }

private:
    std::array<base::FileDescriptor, first_number> taken_;
};

bool open_safely(LockDescriptor& file, const std::string& path, int flags, ::mode_t mode) noexcept {
    const StandardNumbers taken;
    if (!file.open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode)) return false;
    if (file.get() >= first_number) return true;
    file.close();
    errno = EBADF;
    return false;
}

bool take_kept(LockDescriptor& file, const std::string& path, bool for_writing) noexcept {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 &&
           ::faccessat(AT_FDCWD, path.c_str(), for_writing ? R_OK | W_OK : R_OK, AT_EACCESS) == 0 &&
           file.reuse(status, for_writing);
}

bool is_trusted(const std::string& path, int file, const struct stat& database) {
    struct stat status {};
    struct stat folder {};
    return ::fstat(file, &status) == 0 && ::stat(std::filesystem::path(path).parent_path().c_str(), &folder) == 0 &&
           !objection_to(status, database, folder);
}

}  // namespace

bool open_existing_file(LockDescriptor& file, const std::string& path, bool for_writing) noexcept {
    return take_kept(file, path, for_writing) || open_safely(file, path, for_writing ? O_RDWR : O_RDONLY, 0);
}

bool stands_at(const std::string& path, const struct stat& file) noexcept {
    struct stat now {};
    return ::lstat(path.c_str(), &now) == 0 && now.st_dev == file.st_dev && now.st_ino == file.st_ino;
}

bool open_shared_file(LockDescriptor& file, const std::string& path, const struct stat& database, bool for_writing) {
    if (for_writing && open_safely(file, path, O_RDWR | O_CREAT | O_EXCL, 0600)) {
        share_like(database, file.get());
        return true;
    }
    if (!open_existing_file(file, path, for_writing)) return false;
    if (is_trusted(path, file.get(), database)) return true;
    file.reset();
    return false;
}

}  // namespace approvekit::sqlite
