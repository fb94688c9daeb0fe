#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/digest.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// A browser in which somebody is signed in at a server of several reviewers. A plain value.
struct ReviewerSession {
    Digest secret{};  ///< of the secret that the browser has made; nothing is opened by it
    Time since{};
};

/// Somebody who may decide at a server of several reviewers. A plain value.
struct InvitedReviewer {
    std::string name;
    /// Of a policy's groups, for whoever reads the file. They decide nothing: who may decide on what is said by the policy.
    std::vector<std::string> groups = {};
    /// By what the key of each link is recognised that was made for this person and has signed in no browser yet; nothing is
    /// opened by it.
    std::vector<Digest> links = {};
    std::vector<ReviewerSession> sessions = {};  ///< oldest first
};

/// The people who may decide at a server of several reviewers, in a file: names, groups, and digests of the links and of the
/// browsers by which each is recognised. The server exchanges a link for a session there, so that a link counts once and a
/// session as long as it is listed, whoever starts the server again.
///
/// A handle to a path: each call reads the file again. Thread-safe; of several who change it at once, also in other
/// processes, one waits for the other, and whoever reads it sees it before a change or after it. Comments in it are lost when
/// it is changed.
///
/// A file counts only where nobody but its owner can change it: it is not a symbolic link, belongs to whoever runs this or to
/// root, and neither it nor its folder can be written by others (a folder with the sticky bit, such as /tmp, can).
class ReviewersFile {
public:
    static constexpr std::size_t most_reviewers = 100;
    static constexpr std::size_t most_links = 16;     ///< of one reviewer
    static constexpr std::size_t most_sessions = 16;  ///< of one reviewer; the oldest make room
    static constexpr std::size_t most_groups = 16;    ///< of one reviewer

    /// Throws Error (invalid_option) unless the name ends in .yaml, .yml or .json.
    explicit ReviewersFile(std::filesystem::path path);

    /// Everybody in it, in its order. Throws Error (invalid_option) where the file is not there, does not count, or is not
    /// understood as a whole, with line and column.
    [[nodiscard]] std::vector<InvitedReviewer> read() const;

    /// Adds a link for `name`, who is added where the file has no such person, and makes the file, with mode 0600, where it is
    /// missing. Returns the key of the link, 64 hexadecimal digits, of which the file has a digest only.
    ///
    /// Throws Error: invalid_option for a name that no decision may bear, that is not in Unicode's composed form (NFC), or that
    /// differs only in case or width from one that is there, where there are too many, and as read() does; storage_io where the
    /// file cannot be written. Nothing is changed then.
    [[nodiscard]] std::string invite(const std::string& name, const std::vector<std::string>& groups = {});

    /// Takes `name` out, spelled as it stands there, with all links and sessions. Throws Error: not_found where there is no
    /// such name, and as read() and invite() do.
    void remove(std::string_view name);

    /// Takes the link with that key out and puts a session in its place, for the browser that has made `secret`. Returns whose
    /// it is; nothing, and nothing is changed, where no link has that key. Throws Error as read() and invite() do.
    [[nodiscard]] std::optional<std::string> sign_in(std::string_view key, std::string_view secret, Time now);

    /// Takes the session with that digest of its secret out, if it is one of `name`. Returns whether it was there. Throws Error
    /// as read() and invite() do.
    bool sign_out(std::string_view name, const Digest& secret);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// By what the key of a link, and the secret of a session, are recognised. Each is 256 random bits: nobody finds it by trying,
/// however fast that goes, so that the digest (BLAKE2b-256) is neither slow nor keyed.
[[nodiscard]] Digest digest_of_link(std::string_view key);
[[nodiscard]] Digest digest_of_session(std::string_view secret);

}  // namespace approvekit
