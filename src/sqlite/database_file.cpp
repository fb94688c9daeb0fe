#include "sqlite/database_file.hpp"

#include "approvekit/error.hpp"
#include "sqlite/file_obstacle.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

fs::path resolve(const fs::path& path) {
    if (path.empty()) throw StorageError(ErrorCode::unsafe_path, "the database has no name; name a file");
    if (path == ":memory:" || path.native().starts_with("file:")) {
        throw StorageError(ErrorCode::unsafe_path,
                           path.string() + ": the record needs a file that others can open; give its plain path");
    }
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

/// Whether a write-ahead log with something in it stands beside the path.
bool has_log_beside(fs::path path) {
    path += "-wal";
    std::error_code ignored;
    const auto size = fs::file_size(path, ignored);
    return !ignored && size > 0;
}

/// SQLite would throw away what may be the last commits of a file that was moved away without its log.
void expect_no_log(const fs::path& path, bool found) {
    if (!found) return;
    throw StorageError(ErrorCode::storage_moved,
                       path.string() + ": there is no database here, but the log of one, " + path.string() +
                           "-wal: stop the programs that have it open, and put it back beside its database, under "
                           "that one's name, or remove it. Nothing was changed");
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
    throw StorageError(code, path.string() + ": the database cannot be created: " + why_not_opened(path, error));
}

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
    throw StorageError(ErrorCode::unsafe_path, path.string() + ": " + reason);
}

void check_existing(const fs::path& path, const struct stat& status) {
    if (S_ISLNK(status.st_mode)) refuse(path, "this is a symbolic link; name the database file itself");
    if (!S_ISREG(status.st_mode)) refuse(path, "this is not a regular file; name the database file itself");
    if (status.st_nlink > 1) {
        refuse(path,
               "the file has a second name (a hard link), where another bell and other journals would stand beside it; "
               "remove that name, or copy the file");
    }
    if (is_mount_point(path)) {
        refuse(path,
               "the file alone is mounted here, without the bell and the journals that stand beside it elsewhere; "
               "mount the folder");
    }
}

}  // namespace

bool is_mount_point([[maybe_unused]] const fs::path& path) {
#ifdef STATX_ATTR_MOUNT_ROOT
    struct statx status {};
    return ::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &status) == 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
    return false;
#endif
}

// An existing file is looked at by name only. Opening and closing it here would drop the locks that
// other connections of this process hold on it: POSIX locks go with the first descriptor that closes.
DatabaseFile prepare_file(const fs::path& path, Missing missing) {
    const fs::path resolved = resolve(path);
    // Before the file, which somebody may be making: its log comes last.
    const bool found_log = has_log_beside(resolved);
    struct stat status {};
    if (::lstat(resolved.c_str(), &status) == 0) {
        check_existing(resolved, status);
        if (status.st_size == 0) expect_no_log(resolved, found_log);
        return {resolved, false};
    }
    if (errno != ENOENT)
        throw StorageError(ErrorCode::storage_io, path.string() + ": " + std::generic_category().message(errno));
    if (missing == Missing::refuse) {
        throw StorageError(ErrorCode::missing_database,
                           path.string() + ": there is no such database; is it the file that the agent uses?");
    }
    expect_no_log(resolved, found_log);
    return create(resolved) ? DatabaseFile{resolved, true} : prepare_file(path, Missing::refuse);
}

}  // namespace approvekit::sqlite
