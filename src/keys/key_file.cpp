#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "keys/sealed_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace approvekit {
namespace {

constexpr std::size_t most_file_bytes = 4096;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
    throw Error(ErrorCode::invalid_key, path.string() + ": " + why);
}

[[noreturn]] void refuse_for_errno(const std::filesystem::path& path, const std::string& what) {
    refuse(path, what + " (" + std::generic_category().message(errno) + ")");
}

void check_kind(const std::filesystem::path& path, int file) {
    struct stat status {};
    if (::fstat(file, &status) != 0) refuse_for_errno(path, "the key cannot be read");
    if (!S_ISREG(status.st_mode)) refuse(path, "this is no regular file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        refuse(path, "others than its owner can reach this key; chmod 600 it, and think whether somebody has read it");
    }
}

/// The whole file, or one byte more than a key file may have.
std::string read_all(const std::filesystem::path& path, int file) {
    std::string text(most_file_bytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(file, text.data() + size, text.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse_for_errno(path, "the key cannot be read");
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    return text;
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0;
}

}  // namespace

SealedKey read_key_file(const std::filesystem::path& path) {
    // Without O_NONBLOCK a named pipe would keep us waiting for its writer.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) refuse_for_errno(path, "the key cannot be read");
    check_kind(path, file.get());
    const std::string text = read_all(path, file.get());
    if (text.size() > most_file_bytes) refuse(path, "is no key file: it is larger than one");
    return SealedKey::parse(text, path.string());
}

void write_key_file(const std::filesystem::path& path, const SealedKey& key) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file && errno == EEXIST) refuse(path, "there is a file already; a key never replaces another");
    if (!file) refuse_for_errno(path, "the key cannot be written");
    if (write_all(file.get(), key.text())) return;
    const int error = errno;
    ::unlink(path.c_str());
    errno = error;
    refuse_for_errno(path, "the key cannot be written");
}

}  // namespace approvekit
