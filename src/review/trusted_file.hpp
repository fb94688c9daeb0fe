#pragma once

#include "base/file_descriptor.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace approvekit::review {

/// The owner of a file that is replaced.
struct FileOwner {
    ::uid_t user = 0;
    ::gid_t group = 0;
};

/// What a trusted file says.
struct TrustedText {
    std::string text;
    FileOwner owner;
};

/// A file that decides who is let in. It therefore counts only if nobody but its owner can change it. It must be a
/// regular file, not a link, that neither its group nor others can write. It must belong to root or to the user who
/// runs this; if that is root, to anybody. The same holds for the folder, except that others may write it if its sticky
/// bit keeps them from replacing what is not theirs.
///
/// Holds the folder open. Not thread-safe; movable.
class TrustedFile {
public:
    /// Throws Error (invalid_option) if the folder does not exist, belongs to another user, or can be written by
    /// others.
    explicit TrustedFile(const std::filesystem::path& path);

    /// Reads up to `most_bytes`. Returns nothing if the file does not exist. Throws Error (invalid_option) if it does
    /// not count, is larger, or cannot be read.
    [[nodiscard]] std::optional<TrustedText> read(std::size_t most_bytes) const;

    /// Keeps everybody else who calls this from changing the file until this object is destroyed. Waits for them for at
    /// most five seconds. Throws Error (storage_io).
    void lock();

    /// Replaces the file's content by `text`, with mode 0600, as a whole or not at all, whatever happens meanwhile. If
    /// root does it, the file stays `owner`'s. Throws Error (storage_io); the file is then as it was, or was replaced
    /// but a loss of power may undo that.
    void replace(std::string_view text, const std::optional<FileOwner>& owner) const;

private:
    [[nodiscard]] base::FileDescriptor create(const std::string& name) const;

    std::filesystem::path path_;
    std::string name_;
    base::FileDescriptor folder_;
};

}  // namespace approvekit::review
