#include "policy/policy_file.hpp"

#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "policy/policy_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

namespace approvekit::policy {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, std::string why) {
    throw PolicyError({PolicyProblem{.file = path.string(), .path = {}, .message = std::move(why)}});
}

[[noreturn]] void refuse_for_errno(const std::filesystem::path& path) {
    refuse(path, "cannot be read: " + std::generic_category().message(errno));
}

base::FileDescriptor opened(const std::filesystem::path& path) {
    // Without O_NONBLOCK a named pipe would keep us waiting for its writer.
    base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) refuse_for_errno(path);
    return file;
}

struct stat status_of(const base::FileDescriptor& file, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) refuse_for_errno(path);
    return status;
}

/// The whole file, or one byte more than a policy may have.
std::string content_of(const base::FileDescriptor& file, const std::filesystem::path& path) {
    std::string text(most_policy_bytes + 1, '\0');
    const auto size = base::read_up_to(file.get(), std::as_writable_bytes(std::span(text)));
    if (!size) refuse_for_errno(path);
    text.resize(*size);
    return text;
}

Format format_of(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    if (extension == ".yaml" || extension == ".yml") return Format::yaml;
    if (extension == ".json") return Format::json;
    refuse(path, "is of no known kind; a policy's name ends in .yaml, .yml or .json");
}

void check_size(const std::filesystem::path& path, std::uintmax_t bytes) {
    if (bytes > most_policy_bytes) refuse(path, "is larger than a policy may be (1 MiB)");
}

}  // namespace

PolicyFile load_policy_file(const std::filesystem::path& path) {
    const Format format = format_of(path);
    const base::FileDescriptor file = opened(path);
    const struct stat status = status_of(file, path);
    if (!S_ISREG(status.st_mode)) refuse(path, "is not a regular file");
    check_size(path, static_cast<std::uintmax_t>(status.st_size));

    std::string text = content_of(file, path);
    check_size(path, text.size());
    return {.text = std::move(text), .format = format, .others_may_write = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0};
}

}  // namespace approvekit::policy
