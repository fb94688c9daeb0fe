#include "sqlite/file_obstacle.hpp"

#include "base/file_descriptor.hpp"
#include "sqlite/bell.hpp"
#include "sqlite/side_files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

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

/// SQLite closes what it had open before it reports that one file more could not be opened.
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

}  // namespace

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

}  // namespace approvekit::sqlite
