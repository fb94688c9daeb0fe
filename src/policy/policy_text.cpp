#include "policy/policy_text.hpp"

#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "text/escape.hpp"
#include "text/glyph.hpp"

#include <cerrno>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace approvekit::policy {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, std::string why) {
    throw PolicyError({PolicyProblem{.file = path.string(), .path = {}, .message = std::move(why)}});
}

[[noreturn]] void refuse_for_errno(const std::filesystem::path& path) {
    refuse(path, "cannot be read: " + std::generic_category().message(errno));
}

base::FileDescriptor opened(const std::filesystem::path& path) {
    // Without O_NONBLOCK, opening a named pipe would block until a writer opens it.
    base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) refuse_for_errno(path);
    return file;
}

struct stat status_of(const base::FileDescriptor& file, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) refuse_for_errno(path);
    return status;
}

/// Returns the whole file, or, of a larger one, one byte more than a policy may have.
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

std::string plain_lines(std::string_view raw) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (raw.starts_with(byte_order_mark)) raw.remove_prefix(byte_order_mark.size());

    std::string text;
    text.reserve(raw.size());
    for (std::size_t at = 0; at < raw.size(); ++at) {
        const bool ends_a_line = raw[at] == '\r' && raw.substr(at + 1, 1) == "\n";
        if (!ends_a_line) text += raw[at];
    }
    return text;
}

std::optional<HiddenCharacter> find_hidden_character(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const text::Glyph glyph = text::first_glyph(text.substr(at));
        const bool spaces = glyph.code == '\n' || glyph.code == '\t';
        if (!glyph.valid || (text::is_hidden(glyph.code) && !spaces)) {
            const std::string shown = text::escape(text.substr(at, glyph.bytes));
            return HiddenCharacter{.offset = at,
                                   .what = (glyph.valid ? "the hidden character " : "the byte ") + shown +
                                           (glyph.valid ? "" : ", which is not UTF-8")};
        }
        at += glyph.bytes;
    }
    return std::nullopt;
}

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
