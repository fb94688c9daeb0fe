#include "web/sign_in_links.hpp"

#include "web/secret.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::web {
namespace {

constexpr std::size_t link_key_bytes = 24;

}  // namespace

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

}  // namespace approvekit::web
