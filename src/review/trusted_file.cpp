#include "review/trusted_file.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"

#include <cerrno>
#include <chrono>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace approvekit::review {
namespace {

constexpr std::size_t temporary_name_bytes = 8;
constexpr std::chrono::seconds longest_lock_wait{5};
constexpr std::chrono::milliseconds lock_period{10};

std::string system_words() {
    return std::generic_category().message(errno);
}

[[noreturn]] void distrust(const std::filesystem::path& path, const std::string& why) {
    throw Error(ErrorCode::invalid_option, path.string() + ": " + why);
}

[[noreturn]] void fail_to_write(const std::filesystem::path& path, const std::string& what) {
    throw Error(ErrorCode::storage_io, path.string() + ": " + what + " (" + system_words() + ")");
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
    const auto folder = path.parent_path();
    return folder.empty() ? std::filesystem::path(".") : folder;
}

bool can_be_written_by_others(const struct stat& status) {
    return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

/// Root may maintain somebody else's file.
bool is_ours(const struct stat& status) {
    const ::uid_t user = ::geteuid();
    return status.st_uid == user || status.st_uid == 0 || user == 0;
}

void check_folder(const std::filesystem::path& folder, int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) distrust(folder, "the folder cannot be looked at (" + system_words() + ")");
    if (!is_ours(status)) distrust(folder, "the folder belongs to another user, who can replace what is in it");
    if (can_be_written_by_others(status) && (status.st_mode & S_ISVTX) == 0) {
        distrust(folder, "others than its owner can write the folder, and so replace who may decide; chmod go-w it");
    }
}

void check_file(const std::filesystem::path& path, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) distrust(path, "this is not a regular file");
    if (!is_ours(status)) distrust(path, "it belongs to another user, who can change it");
    if (can_be_written_by_others(status)) {
        distrust(path, "others than its owner can write it, and so decide; chmod go-w it, and look through it");
    }
}

bool write_whole(int file, std::string_view text) {
    while (!text.empty()) {
        const ::ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0;
}

}  // namespace

TrustedFile::TrustedFile(const std::filesystem::path& path)
    : path_(path),
      name_(path.filename().string()),
      folder_(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!folder_) distrust(folder_of(path), "the folder cannot be opened (" + system_words() + ")");
    check_folder(folder_of(path), folder_.get());
}

std::optional<TrustedText> TrustedFile::read(std::size_t most_bytes) const {
    // Without O_NONBLOCK, opening a named pipe would block until a writer opens it.
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    const base::FileDescriptor file(::openat(folder_.get(), name_.c_str(), flags));
    if (!file && errno == ENOENT) return std::nullopt;
    if (!file && (errno == ELOOP || errno == EMLINK)) distrust(path_, "this is a symbolic link; name the file itself");
    if (!file) distrust(path_, "it cannot be read (" + system_words() + ")");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) distrust(path_, "it cannot be looked at (" + system_words() + ")");
    check_file(path_, status);
    TrustedText found{std::string(most_bytes + 1, '\0'), {status.st_uid, status.st_gid}};
    const auto size = base::read_up_to(file.get(), std::as_writable_bytes(std::span(found.text)));
    if (!size) distrust(path_, "it cannot be read (" + system_words() + ")");
    if (*size > most_bytes) distrust(path_, "it is larger than " + std::to_string(most_bytes >> 10) + " KiB");
    found.text.resize(*size);
    return found;
}

void TrustedFile::lock() {
    const auto end = std::chrono::steady_clock::now() + longest_lock_wait;
    // Lock the folder, since the file itself is replaced. Whoever may read the folder could keep the lock for ever.
    while (::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0) {
        const bool is_taken = errno == EWOULDBLOCK || errno == EINTR;
        if (!is_taken || std::chrono::steady_clock::now() > end) {
            fail_to_write(path_, "somebody else keeps its folder locked, or it cannot be locked");
        }
        std::this_thread::sleep_for(lock_period);
    }
}

base::FileDescriptor TrustedFile::create(const std::string& name) const {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    base::FileDescriptor file(::openat(folder_.get(), name.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) fail_to_write(path_, "it cannot be written");
    return file;
}

void TrustedFile::replace(std::string_view text, const std::optional<FileOwner>& owner) const {
    const std::string name = "." + name_ + "-" + random_hex(temporary_name_bytes);
    base::FileDescriptor file = create(name);
    // Set the mode whatever the umask took away. Root leaves the file to its owner.
    bool is_written = ::fchmod(file.get(), S_IRUSR | S_IWUSR) == 0 && write_whole(file.get(), text);
    if (owner && ::geteuid() == 0) is_written = is_written && ::fchown(file.get(), owner->user, owner->group) == 0;
    file.reset();
    if (is_written && ::renameat(folder_.get(), name.c_str(), folder_.get(), name_.c_str()) == 0) {
        if (::fsync(folder_.get()) != 0) fail_to_write(path_, "it was replaced, and a loss of power may undo that");
        return;
    }
    const int error = errno;
    ::unlinkat(folder_.get(), name.c_str(), 0);
    errno = error;
    fail_to_write(path_, "it cannot be written");
}

}  // namespace approvekit::review
