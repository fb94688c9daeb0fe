#pragma once

#include "approvekit/digest.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::web {

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);

/// A browser that has shown the token.
struct Session {
    std::string id;    ///< the cookie's value
    std::string csrf;  ///< what the page sends along with everything that changes something
};

/// The browsers that have shown the token since the server started; the eldest make room. Thread-safe.
class Sessions {
public:
    static constexpr std::size_t capacity = 128;

    Session open();

    [[nodiscard]] std::optional<Session> find(std::string_view id) const;

private:
    struct Entry {
        Digest id_digest;
        Session session;
    };

    mutable std::mutex mutex_;
    std::deque<Entry> entries_;
};

}  // namespace approvekit::web
