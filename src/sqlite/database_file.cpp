#include "sqlite/database_file.hpp"

#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "sqlite/bell.hpp"
#include "sqlite/side_files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

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

/// Whether a write-ahead log that is not empty is beside the path.
bool has_log_beside(fs::path path) {
    path += "-wal";
    std::error_code ignored;
    const auto size = fs::file_size(path, ignored);
    return !ignored && size > 0;
}

/// SQLite would discard the log, which may contain the last commits of a file that was moved away without it.
void expect_no_log(const fs::path& path, bool found) {
    if (!found) return;
    throw StorageError(ErrorCode::storage_moved,
                       path.string() + ": there is no database here, but the log of one, " + path.string() +
                           "-wal: stop the programs that have it open, and put it back beside its database, under "
                           "that one's name, or remove it. Nothing was changed");
}

/// Returns false if somebody else created the file in the meantime.
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

constexpr const char* too_many_files = "too many files are open; close some, or raise the limit (ulimit -n)";

std::string user_text(::uid_t user) {
    std::array<char, 4096> buffer{};
    struct passwd entry {};
    struct passwd* found = nullptr;
    const bool is_known = ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
    return is_known ? found->pw_name : "user " + std::to_string(user);
}

std::string mode_text(::mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777U));
    return text.data();
}

std::string ownership(const fs::path& file, const struct stat& status) {
    return file.string() + " belongs to " + user_text(status.st_uid) + " (mode " + mode_text(status.st_mode) +
           "), and this program runs as " + user_text(::geteuid());
}

bool may(const fs::path& file, int what) {
    return ::faccessat(AT_FDCWD, file.c_str(), what, AT_EACCESS) == 0;
}

std::optional<struct stat> look_at(const fs::path& file) {
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0) return std::nullopt;
    return status;
}

/// Tries to open files, because SQLite closes its own ones before it reports that it could not open another.
bool is_short_of_files() {
    constexpr int files_of_a_connection = 8;
    std::vector<base::FileDescriptor> files;
    for (int file = 0; file < files_of_a_connection; ++file) {
        files.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!files.back()) return errno == EMFILE || errno == ENFILE;
    }
    return false;
}

std::optional<std::string> denial_of(const fs::path& file) {
    if (may(file, R_OK | W_OK) || (errno != EACCES && errno != EROFS)) return std::nullopt;
    return why_not_opened(file, errno);
}

#ifdef __linux__
bool is_network(const struct statfs& status) noexcept {
    constexpr std::array<std::uint32_t, 6> types{0x6969U,     0xFF534D42U, 0xFE534D42U,   // NFS, CIFS, SMB 2
                                                 0x65735546U, 0x01021997U, 0x00C36400U};  // FUSE, 9P, Ceph
    return std::find(types.begin(), types.end(), static_cast<std::uint32_t>(status.f_type)) != types.end();
}
#endif

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

// Checks an existing file by its name only. Opening and closing it here would drop the locks that other connections of
// this process hold on it: POSIX locks are dropped when the first descriptor is closed.
DatabaseFile prepare_file(const fs::path& path, Missing missing) {
    const fs::path resolved = resolve(path);
    // Checked before the file, since somebody may just be creating it, and the log is created last.
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

std::string why_not_opened(const fs::path& file, int error) {
    if (error == EMFILE || error == ENFILE) return too_many_files;
    if (error == EROFS) return file.string() + " is on a file system that is mounted read-only";
    const auto status = look_at(file);
    if ((error == EACCES || error == EPERM) && status) {
        return ownership(file, *status) +
               "; run it as that user, or let that user share it with a group of yours (chgrp, chmod 0660)";
    }
    if (const auto folder = look_at(file.parent_path()); error == EACCES && folder) {
        return ownership(file.parent_path(), *folder) + ", which may not make files there";
    }
    return std::generic_category().message(error);
}

std::optional<std::string> obstacle_at(const fs::path& database) {
    if (is_short_of_files()) return too_many_files;
    if (auto denial = denial_of(database)) return denial;
    for (const std::string_view suffix : journal_suffixes) {
        if (auto denial = denial_of(side_file(database, suffix))) return denial;
    }
    const fs::path folder = database.parent_path();
    if (may(folder, W_OK | X_OK) || errno != EACCES) return std::nullopt;
    return why_not_opened(side_file(database, "-journal"), EACCES);
}

bool is_writable(const fs::path& database) {
    return may(database, W_OK) && (may(database.parent_path(), W_OK | X_OK) || may(bell_path(database), W_OK));
}

std::string file_uri(const fs::path& path) {
    std::string uri = "file:";
    for (const char byte : path.string()) {
        if (std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '/' || byte == '.' || byte == '-') {
            uri += byte;
            continue;
        }
        std::array<char, 4> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "%%%02X",
                      static_cast<unsigned>(static_cast<unsigned char>(byte)));
        uri += escaped.data();
    }
    return uri;
}

#ifdef __linux__
bool is_on_network(int file) noexcept {
    struct statfs status {};
    return ::fstatfs(file, &status) == 0 && is_network(status);
}

bool is_on_network(const fs::path& path) noexcept {
    struct statfs status {};
    return ::statfs(path.c_str(), &status) == 0 && is_network(status);
}
#else
bool is_on_network(int) noexcept {
    return false;
}

bool is_on_network(const fs::path&) noexcept {
    return false;
}
#endif

}  // namespace approvekit::sqlite
