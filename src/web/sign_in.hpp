#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/digest.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::web {

/// Whether two digests are equal. The time taken does not reveal where they differ.
[[nodiscard]] bool same_digest(const Digest& left, const Digest& right);

/// The same for two secrets. It does not reveal how long they are, either.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);

/// The links by which browsers sign in at a server of one reviewer. Thread-safe.
///
/// A link is good for one browser: the first that shows its key, along with the secret under which it wants its
/// session. For `grace`, that same browser may show it again, in case the answer was lost. After that it is no longer
/// valid.
class SignInLinks {
public:
    enum class Redeemed { granted, used, unknown };

    static constexpr std::size_t capacity = 128;
    static constexpr std::chrono::minutes grace{1};

    /// `address`: where the links lead, "http://127.0.0.1:8765/approvals". Keeps a reference to `clock`.
    SignInLinks(std::string address, const Clock& clock);

    /// Returns a new link, with its key in the fragment, which no browser sends to a server. The oldest links make
    /// room.
    [[nodiscard]] std::string make();

    [[nodiscard]] Redeemed redeem(std::string_view key, std::string_view secret);

private:
    struct Use {
        Digest secret;
        std::chrono::microseconds at;
    };
    struct Link {
        Digest key;
        std::optional<Use> use;
    };

    const std::string address_;
    const Clock& clock_;
    std::mutex mutex_;
    std::deque<Link> links_;
};

/// One browser that has signed in. A plain value.
struct Session {
    std::string id;  ///< tells it from others but opens nothing
    Time opened_at{};
    Time seen_at{};
};

/// The browsers that have signed in at a server of one reviewer since it started, by the secret that each has made for
/// itself. The oldest make room. Keeps only digests. Thread-safe.
class Sessions {
public:
    static constexpr std::size_t capacity = 128;

    /// Opened twice, it is one session. Returns false if the session was ended, which nothing takes back: the link that
    /// began it may still be shown for a moment.
    [[nodiscard]] bool open(std::string_view secret, Time now);

    /// Returns the session with that secret, and notes that it was seen at `now`.
    [[nodiscard]] std::optional<Session> find(std::string_view secret, Time now);
    [[nodiscard]] bool has(std::string_view id) const;

    /// Oldest first.
    [[nodiscard]] std::vector<Session> all() const;

    /// Ends the session with that id, and returns what it was.
    std::optional<Session> end(std::string_view id);

private:
    struct Kept {
        Digest secret;
        Session session;
    };

    [[nodiscard]] Kept* kept(const Digest& secret);

    mutable std::mutex mutex_;
    std::deque<Kept> sessions_;
    std::deque<Digest> ended_;  // digests of their secrets
};

}  // namespace approvekit::web
