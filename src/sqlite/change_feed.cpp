#include "sqlite/change_feed.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::sqlite {

namespace {

class ListenerSubscription final : public Subscription {
public:
    ListenerSubscription(std::shared_ptr<Listeners> listeners, const ChangeListener* listener)
        : listeners_(std::move(listeners)), listener_(listener) {}
    ~ListenerSubscription() override { listeners_->remove(listener_); }

private:
    std::shared_ptr<Listeners> listeners_;
    const ChangeListener* listener_;
};

}  // namespace

std::unique_ptr<Subscription> Listeners::add(std::shared_ptr<ChangeListener> listener) {
    auto subscription = std::make_unique<ListenerSubscription>(shared_from_this(), listener.get());
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
    return subscription;
}

void Listeners::remove(const ChangeListener* listener) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [&](const auto& each) { return each.get() == listener; });
}

void Listeners::tell(const std::vector<Change>& changes) const {
    for (const auto& listener : snapshot()) {
        for (const Change& change : changes)
            listener->on_change(change);
    }
}

void Listeners::tell_failure(const std::string& reason) const {
    for (const auto& listener : snapshot())
        listener->on_watch_failed(reason);
}

bool Listeners::empty() const {
    const std::lock_guard lock(mutex_);
    return listeners_.empty();
}

std::vector<std::shared_ptr<ChangeListener>> Listeners::snapshot() const {
    const std::lock_guard lock(mutex_);
    return listeners_;
}

ChangeFeed::ChangeFeed(const std::filesystem::path& path, bool read_only, std::shared_ptr<Listeners> listeners)
    : connection_(path, {Durability::full, std::chrono::milliseconds{0}, read_only}),
      changes_(connection_.database()),
      listeners_(std::move(listeners)) {}

Looked ChangeFeed::look() {
    try {
        connection_.expect_in_place();
        const std::vector<Change> changes = translating(connection_.path(), [&] { return read_new(); });
        if (changes.empty()) return Looked::nothing;
        listeners_->tell(changes);
        return Looked::changes;
    } catch (const StorageError& error) {
        if (error.code() == ErrorCode::storage_busy) return Looked::busy;
        throw;
    }
}

std::vector<Change> ChangeFeed::read_new() {
    std::vector<Change> changes;
    if (last_ < 0) {
        // Who subscribed before this first look may have missed something.
        last_ = changes_.last();
        changes.emplace_back();
        return changes;
    }
    const std::vector<StoredChange> found = changes_.after(last_);
    if (found.empty()) return changes;
    if (found.front().sequence > last_ + 1) changes.emplace_back();
    for (const StoredChange& change : found) {
        changes.push_back(
            {change.request_id, parse_approval_status(change.status).value_or(ApprovalStatus::cancelled)});
    }
    last_ = found.back().sequence;
    return changes;
}

}  // namespace approvekit::sqlite
