#include "web/sessions.hpp"

#include "web/secret.hpp"

#include <algorithm>

namespace approvekit::web {

void Sessions::open(std::string_view secret) {
    const Digest digest = digest_of(secret);
    const std::lock_guard lock(mutex_);
    if (knows(digest)) return;
    if (digests_.size() == capacity) digests_.pop_front();
    digests_.push_back(digest);
}

bool Sessions::contains(std::string_view secret) const {
    const Digest digest = digest_of(secret);
    const std::lock_guard lock(mutex_);
    return knows(digest);
}

bool Sessions::knows(const Digest& digest) const {
    return std::any_of(digests_.begin(), digests_.end(),
                       [&](const Digest& known) { return same_digest(known, digest); });
}

}  // namespace approvekit::web
