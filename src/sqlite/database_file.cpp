#include "sqlite/database_file.hpp"

#include "approvekit/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

std::string reason(int error) {
    return std::generic_category().message(error);
}

fs::path resolve(const fs::path& path) {
    if (path.empty()) throw StorageError(ErrorCode::unsafe_path, "the database has no name; name a file");
    std::error_code error;
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const fs::path directory = fs::canonical(parent, error);
    if (error) {
        throw StorageError(ErrorCode::storage_io, path.string() + ": the folder " + parent.string() +
                                                      " cannot be reached (" + error.message() + "); create it first");
    }
    if (!path.has_filename()) {
        throw StorageError(ErrorCode::unsafe_path, path.string() + ": this names a folder, not a database file");
    }
    return directory / path.filename();
}

/// False when somebody else made the file in the meantime.
bool create(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
        return true;
    }
    const int error = errno;
    if (error == EEXIST) return false;
    const auto code = error == EROFS || error == EACCES ? ErrorCode::storage_read_only : ErrorCode::storage_io;
    throw StorageError(code, path.string() + ": the database cannot be created (" + reason(error) + ")");
}

}  // namespace

// An existing file is looked at by name only. Opening and closing it here would drop the locks that
// other connections of this process hold on it: POSIX locks go with the first descriptor that closes.
DatabaseFile prepare_file(const fs::path& path, Missing missing) {
    const fs::path resolved = resolve(path);
    struct stat status {};
    if (::lstat(resolved.c_str(), &status) == 0) {
        if (S_ISREG(status.st_mode)) return {resolved, false};
        const char* what = S_ISLNK(status.st_mode) ? "a symbolic link" : "not a regular file";
        throw StorageError(ErrorCode::unsafe_path,
                           path.string() + ": this is " + what + "; name the database file itself");
    }
    if (errno != ENOENT) throw StorageError(ErrorCode::storage_io, path.string() + ": " + reason(errno));
    if (missing == Missing::refuse) {
        throw StorageError(ErrorCode::missing_database,
                           path.string() + ": there is no such database; is it the file that the agent uses?");
    }
    return create(resolved) ? DatabaseFile{resolved, true} : prepare_file(path, Missing::refuse);
}

}  // namespace approvekit::sqlite
