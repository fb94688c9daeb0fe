#pragma once

#include "approvekit/digest.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <string_view>

namespace approvekit::web {

/// The browsers that have signed in since the server started, by the secret that each has made for itself. The oldest
/// make room. Keeps digests only. Thread-safe.
class Sessions {
public:
    static constexpr std::size_t capacity = 128;

    /// Opened twice, it is one session.
    void open(std::string_view secret);

    [[nodiscard]] bool contains(std::string_view secret) const;

private:
    [[nodiscard]] bool knows(const Digest& digest) const;

    mutable std::mutex mutex_;
    std::deque<Digest> digests_;
};

}  // namespace approvekit::web
