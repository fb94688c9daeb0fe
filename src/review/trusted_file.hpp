#pragma once

#include "base/file_descriptor.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace approvekit::review {

/// Whose a file was that is replaced.
struct FileOwner {
    ::uid_t user = 0;
    ::gid_t group = 0;
};

/// What a trusted file says.
struct TrustedText {
    std::string text;
    FileOwner owner;
};

/// A file that decides who is let in, and therefore counts only where nobody but its owner can change it: a regular file, no
/// link, of whoever runs this or of root, that neither its group nor others can write, in a folder of which the same holds, or
/// whose sticky bit keeps others from replacing what is not theirs.
///
/// Holds the folder open. Not thread-safe; movable.
class TrustedFile {
public:
    /// Throws Error (invalid_option) for a folder that is not there or that others can write.
    explicit TrustedFile(const std::filesystem::path& path);

    /// Up to `most_bytes`; nothing where the file is not there. Throws Error (invalid_option) where it does not count, is
    /// larger, or cannot be read.
    [[nodiscard]] std::optional<TrustedText> read(std::size_t most_bytes) const;

    /// Keeps everybody else who does so from changing the file, until this goes. Waits for them, for five seconds at most.
    /// Throws Error (storage_io).
    void lock();

    /// Puts `text` in the file's place, with mode 0600, as a whole or not at all, whatever happens meanwhile. For root, it
    /// stays `owner`'s. Throws Error (storage_io), and the file is as it was.
    void replace(std::string_view text, const std::optional<FileOwner>& owner) const;

private:
    [[nodiscard]] base::FileDescriptor create(const std::string& name) const;

    std::filesystem::path path_;
    std::string name_;
    base::FileDescriptor folder_;
};

}  // namespace approvekit::review
