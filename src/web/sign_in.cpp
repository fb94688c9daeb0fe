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

bool LinkUse::grants(std::string_view secret, std::chrono::microseconds now) {
    const Digest owner = digest_of(secret);
    if (!first_) first_ = First{owner, now};
    const bool is_owner = same_digest(first_->secret, owner);
    return is_owner && now - first_->at < grace;
}

SignInLinks::SignInLinks(std::string address, const Clock& clock) : address_(std::move(address)), clock_(clock) {}

std::string SignInLinks::make() {
    const std::string key = random_hex(link_key_bytes);
    const std::lock_guard lock(mutex_);
    if (links_.size() == capacity) links_.pop_front();
    links_.push_back({digest_of(key), {}});
    return address_ + "/#sign-in=" + key;
}

Redeemed SignInLinks::redeem(std::string_view key, std::string_view secret) {
    const Digest wanted = digest_of(key);
    const auto now = clock_.since_boot();
    const std::lock_guard lock(mutex_);
    const auto link =
        std::find_if(links_.begin(), links_.end(), [&](const Link& one) { return same_digest(one.key, wanted); });
    if (link == links_.end()) return Redeemed::unknown;
    return link->use.grants(secret, now) ? Redeemed::granted : Redeemed::used;
}

bool Sessions::open(std::string_view secret, const std::string& reviewer, const Digest& link, Time now) {
    const Digest digest = digest_of(secret);
    const std::lock_guard lock(mutex_);
    if (const Kept* const known = kept(digest)) {
        return known->session.reviewer == reviewer && known->session.link == link;
    }
    const auto is_it = [&](const Digest& ended) { return same_digest(ended, digest); };
    if (std::any_of(ended_.begin(), ended_.end(), is_it)) return false;
    if (sessions_.size() == most_) sessions_.pop_front();
    sessions_.push_back({digest, {random_hex(session_id_bytes), reviewer, link, now, now}});
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

std::optional<Session> Sessions::find_by_id(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(sessions_.begin(), sessions_.end(), [&](const Kept& one) { return one.session.id == id; });
    return found == sessions_.end() ? std::nullopt : std::optional(found->session);
}

std::vector<Session> Sessions::of(std::string_view reviewer) const {
    const std::lock_guard lock(mutex_);
    std::vector<Session> own;
    for (const Kept& one : sessions_) {
        if (one.session.reviewer == reviewer) own.push_back(one.session);
    }
    return own;
}

std::optional<Session> Sessions::end(std::string_view id, std::string_view reviewer) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(sessions_.begin(), sessions_.end(), [&](const Kept& one) {
        return one.session.id == id && one.session.reviewer == reviewer;
    });
    if (found == sessions_.end()) return std::nullopt;
    if (ended_.size() == most_) ended_.pop_front();
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
