#include "agent/waiting_room.hpp"

#include <utility>

namespace approvekit::detail {

void Place::call(Tidings tidings) noexcept {
    const std::lock_guard lock(mutex_);
    tidings_ = tidings;
    condition_.notify_all();
}

Tidings Place::wait(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline) {
    const std::stop_callback stopped(stop, [this] {
        const std::lock_guard lock(mutex_);
        condition_.notify_all();
    });
    std::unique_lock lock(mutex_);
    condition_.wait_until(lock, deadline, [&] { return tidings_ != Tidings::none || stop.stop_requested(); });
    return std::exchange(tidings_, Tidings::none);
}

bool Place::called() const {
    const std::lock_guard lock(mutex_);
    return tidings_ != Tidings::none;
}

void WaitingRoom::enter(const std::string& request_id, std::shared_ptr<Place> place) {
    const std::lock_guard lock(mutex_);
    places_.emplace(request_id, std::move(place));
}

void WaitingRoom::leave(const std::string& request_id) noexcept {
    const std::lock_guard lock(mutex_);
    places_.erase(request_id);
}

std::shared_ptr<Place> WaitingRoom::find(const std::string& request_id) const {
    const std::lock_guard lock(mutex_);
    const auto at = places_.find(request_id);
    return at == places_.end() ? nullptr : at->second;
}

void WaitingRoom::on_change(const Change& change) noexcept {
    if (change.request_id.empty()) return call_everybody();
    if (change.status == ApprovalStatus::pending) return;
    const auto tidings = change.status == ApprovalStatus::approved ? Tidings::approved : Tidings::look;
    if (const auto place = find(change.request_id)) place->call(tidings);
}

void WaitingRoom::on_watch_failed(const std::string&) noexcept {
    call_everybody();
}

void WaitingRoom::call_everybody() noexcept {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, place] : places_)
        place->call(Tidings::look);
}

}  // namespace approvekit::detail
