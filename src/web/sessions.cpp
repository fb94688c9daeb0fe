#include "web/sessions.hpp"

#include <algorithm>

namespace approvekit::web {

bool same_secret(std::string_view left, std::string_view right) {
    // Digests of secrets cannot be steered, so comparing those may stop early.
    return digest_of(left) == digest_of(right);
}

Session Sessions::open() {
    constexpr std::size_t secret_bytes = 32;
    Session session{random_hex(secret_bytes), random_hex(secret_bytes)};
    const std::lock_guard lock(mutex_);
    if (entries_.size() == capacity) entries_.pop_front();
    entries_.push_back({digest_of(session.id), session});
    return session;
}

std::optional<Session> Sessions::find(std::string_view id) const {
    const Digest digest = digest_of(id);
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id_digest == digest; });
    if (found == entries_.end()) return std::nullopt;
    return found->session;
}

}  // namespace approvekit::web
