#pragma once

#include "approvekit/digest.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// Somebody who may decide at a server of several reviewers. A plain value.
struct InvitedReviewer {
    std::string name;
    /// Of a policy's groups, for whoever reads the file. They decide nothing: who may decide on what is said by the policy.
    std::vector<std::string> groups = {};
    /// By what the key of each link that was made for this person is recognised; nothing is opened by it.
    std::vector<Digest> links = {};
};

/// The people who may decide at a server of several reviewers, in a file of names, groups and digests of link keys.
///
/// A handle to a path: each call reads the file again. Thread-safe; of several who change it at once, also in other
/// processes, one waits for the other, and whoever reads it sees it before a change or after it.
///
/// A file counts only where nobody but its owner can change it: it is no symbolic link, belongs to who runs this or to root,
/// and neither it nor its folder can be written by others (a folder with the sticky bit, such as /tmp, can).
class ReviewersFile {
public:
    static constexpr std::size_t most_reviewers = 100;
    static constexpr std::size_t most_links = 16;   ///< of one reviewer
    static constexpr std::size_t most_groups = 16;  ///< of one reviewer

    /// Throws Error (invalid_option) unless the name ends in .yaml, .yml or .json.
    explicit ReviewersFile(std::filesystem::path path);

    /// Everybody in it, in its order. Throws Error (invalid_option) where the file is not there, does not count, or is not
    /// understood as a whole, with line and column.
    [[nodiscard]] std::vector<InvitedReviewer> read() const;

    /// Adds a link for `name`, who is added where the file has no such person, and makes the file, with mode 0600, where it is
    /// missing. Comments in it are lost. Returns the key of the link, 64 hexadecimal digits, of which the file has a digest only.
    ///
    /// Throws Error: invalid_option for a name that no decision may bear, that is not in Unicode's composed form (NFC), or that
    /// differs only in case or width from one that is there, where there are too many, and as read() does; storage_io where the
    /// file cannot be written. Nothing is changed then.
    [[nodiscard]] std::string invite(const std::string& name, const std::vector<std::string>& groups = {});

    /// Takes `name` out, spelled as it stands there, with all its links. Throws Error: not_found where there is no such
    /// name, and as read() and invite() do.
    void remove(std::string_view name);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// By what the key of a link is recognised. A key is 256 random bits: nobody finds it by trying, however fast that goes, so
/// that the digest (BLAKE2b-256) is neither slow nor keyed.
[[nodiscard]] Digest digest_of_link(std::string_view key);

}  // namespace approvekit
