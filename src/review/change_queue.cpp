#include "review/change_queue.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace approvekit::review {
namespace {

/// A clock's time plus more than this may be too large for its type.
constexpr std::chrono::hours longest_wait(24);

}  // namespace

void ChangeQueue::on_change(const Change& change) noexcept {
    {
        const std::lock_guard lock(mutex_);
        try {
            keep(change);
        } catch (const std::bad_alloc&) {
            overflow();
        }
    }
    came_.notify_one();
}

void ChangeQueue::keep(const Change& change) {
    if (news_.look_at_everything) return;
    if (change.request_id.empty()) return overflow();
    const auto [place, is_new] = places_.try_emplace(change.request_id, news_.changes.size());
    if (!is_new) {
        news_.changes[place->second].status = change.status;
    } else if (news_.changes.size() == most_) {
        overflow();
    } else {
        news_.changes.push_back(change);
    }
}

void ChangeQueue::overflow() noexcept {
    news_.changes.clear();
    places_.clear();
    news_.look_at_everything = true;
}

void ChangeQueue::on_watch_failed(const std::string& /*reason*/) noexcept {
    {
        const std::lock_guard lock(mutex_);
        failed_ = true;
        overflow();
    }
    came_.notify_one();
}

RequestFeed::News ChangeQueue::take(std::chrono::milliseconds longest, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, stop, std::min<std::chrono::milliseconds>(longest, longest_wait),
                   [this] { return !news_.empty(); });
    RequestFeed::News taken = std::exchange(news_, {});
    places_.clear();
    if (failed_ && taken.empty()) taken.look_at_everything = true;
    return taken;
}

}  // namespace approvekit::review
