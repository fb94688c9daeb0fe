#include "record/listeners.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::record {

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

}  // namespace approvekit::record
