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

/// A signed-in browser at a server with several reviewers. A plain value.
struct ReviewerSession {
    Digest secret{};  ///< digest of the secret that the browser made; the digest itself gives no access
    Time since{};
};

/// A person who may decide at a server with several reviewers. A plain value.
struct InvitedReviewer {
    std::string name;
    /// Names of groups in a policy, for people who read the file. They have no effect: the policy says who may decide
    /// what.
    std::vector<std::string> groups = {};
    /// Digests of the keys of this person's links that have not signed in a browser yet. A digest gives no access.
    std::vector<Digest> links = {};
    std::vector<ReviewerSession> sessions = {};  ///< oldest first
};

/// A file of the people who may decide at a server with several reviewers: their names and groups, and digests of their
/// links and of their signed-in browsers. When a link is used, the server replaces it in the file by a session. So a
/// link works once, and a session lasts as long as it is listed, across restarts of the server.
///
/// A handle to a path: each call reads the file again. Thread-safe. Concurrent changes, also by other processes, wait
/// for each other, and a reader sees the file before or after a change. Comments in the file are lost when it is
/// changed.
///
/// The file is trusted only if nobody but its owner can change it: it is not a symbolic link, it belongs to the user
/// who runs this program or to root, and others can write neither it nor its folder (a folder with the sticky bit, such
/// as /tmp, is allowed).
class ReviewersFile {
public:
    static constexpr std::size_t most_reviewers = 100;
    static constexpr std::size_t most_links = 16;     ///< of one reviewer
    static constexpr std::size_t most_sessions = 16;  ///< of one reviewer; the oldest is dropped for a new one
    static constexpr std::size_t most_groups = 16;    ///< of one reviewer

    /// Throws Error (invalid_option) unless the name ends in .yaml, .yml or .json.
    explicit ReviewersFile(std::filesystem::path path);

    /// Returns everybody in the file, in its order. Throws Error (invalid_option) when the file is missing, is not
    /// trusted, or cannot be understood as a whole; then with line and column.
    [[nodiscard]] std::vector<InvitedReviewer> read() const;

    /// Adds a link for `name`. Adds the person if the file does not list them, and creates the file with mode 0600 if
    /// it is missing. Returns the key of the link, 64 hexadecimal digits. The file holds only a digest of it.
    ///
    /// Throws Error: invalid_option for a name that a reviewer may not have, that is not in Unicode's composed form
    /// (NFC), or that differs only in case or width from a listed one, when there are too many reviewers or links, and
    /// as read() does; storage_io when the file cannot be written. Nothing is changed then.
    [[nodiscard]] std::string invite(const std::string& name, const std::vector<std::string>& groups = {});

    /// Removes `name`, spelled exactly as in the file, with all links and sessions. Throws Error: not_found when there
    /// is no such name, and as read() and invite() do.
    void remove(std::string_view name);

    /// Replaces the link with this key by a session for the browser that made `secret`. Returns the reviewer's name. If
    /// no link has this key, returns nothing and changes nothing. Throws Error as read() and invite() do.
    [[nodiscard]] std::optional<std::string> sign_in(std::string_view key, std::string_view secret, Time now);

    /// Removes the session with this digest if it belongs to `name`. Returns whether it was there. Throws Error as
    /// read() and invite() do.
    bool sign_out(std::string_view name, const Digest& secret);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// The digests (BLAKE2b-256) of a link's key and of a session's secret. Both are 256 random bits, which nobody can find
/// by trial and error, so the digest does not need to be slow or keyed.
[[nodiscard]] Digest digest_of_link(std::string_view key);
[[nodiscard]] Digest digest_of_session(std::string_view secret);

}  // namespace approvekit
