#include "web/sign_in.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::web {
namespace {

constexpr std::size_t link_key_bytes = 24;

}  // namespace

bool same_digest(const Digest& left, const Digest& right) {
    unsigned difference = 0;
    for (std::size_t at = 0; at < left.size(); ++at)
        difference |= static_cast<unsigned>(left[at] ^ right[at]);
    return difference == 0;
}

bool same_secret(std::string_view left, std::string_view right) {
    return same_digest(digest_of(left), digest_of(right));
}

SignInLinks::SignInLinks(std::string address, const Clock& clock) : address_(std::move(address)), clock_(clock) {}

std::string SignInLinks::make() {
    const std::string key = random_hex(link_key_bytes);
    const std::lock_guard lock(mutex_);
    if (links_.size() == capacity) links_.pop_front();
    links_.push_back({digest_of(key), std::nullopt});
    return address_ + "/#sign-in=" + key;
}

SignInLinks::Redeemed SignInLinks::redeem(std::string_view key, std::string_view secret) {
    const Digest wanted = digest_of(key);
    const Digest owner = digest_of(secret);
    const auto now = clock_.since_boot();
    const std::lock_guard lock(mutex_);
    const auto link =
        std::find_if(links_.begin(), links_.end(), [&](const Link& one) { return same_digest(one.key, wanted); });
    if (link == links_.end()) return Redeemed::unknown;
    if (!link->use) link->use = Use{owner, now};
    const bool is_owner = same_digest(link->use->secret, owner);
    return is_owner && now - link->use->at < grace ? Redeemed::granted : Redeemed::used;
}

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
