#include "web/sign_in.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::web {
namespace {

constexpr std::size_t link_key_bytes = 24;
constexpr std::size_t session_id_bytes = 8;

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

bool Sessions::open(std::string_view secret, Time now) {
    const Digest digest = digest_of(secret);
    const std::lock_guard lock(mutex_);
    if (kept(digest) != nullptr) return true;
    const auto is_it = [&](const Digest& ended) { return same_digest(ended, digest); };
    if (std::any_of(ended_.begin(), ended_.end(), is_it)) return false;
    if (sessions_.size() == capacity) sessions_.pop_front();
    sessions_.push_back({digest, {random_hex(session_id_bytes), now, now}});
    return true;
}

std::optional<Session> Sessions::find(std::string_view secret, Time now) {
    const Digest digest = digest_of(secret);
    const std::lock_guard lock(mutex_);
    Kept* const found = kept(digest);
    if (found == nullptr) return std::nullopt;
    found->session.seen_at = now;
    return found->session;
}

bool Sessions::has(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(sessions_.begin(), sessions_.end(), [&](const Kept& one) { return one.session.id == id; });
}

std::vector<Session> Sessions::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Session> all;
    for (const Kept& one : sessions_)
        all.push_back(one.session);
    return all;
}

std::optional<Session> Sessions::end(std::string_view id) {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(sessions_.begin(), sessions_.end(), [&](const Kept& one) { return one.session.id == id; });
    if (found == sessions_.end()) return std::nullopt;
    if (ended_.size() == capacity) ended_.pop_front();
    ended_.push_back(found->secret);
    Session session = std::move(found->session);
    sessions_.erase(found);
    return session;
}

Sessions::Kept* Sessions::kept(const Digest& secret) {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [&](const Kept& one) { return same_digest(one.secret, secret); });
    return found == sessions_.end() ? nullptr : &*found;
}

}  // namespace approvekit::web
