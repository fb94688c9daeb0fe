#include "web/event_log.hpp"

#include "approvekit/digest.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <unordered_set>
#include <utility>

namespace approvekit::web {
namespace {

constexpr std::size_t name_bytes = 8;

}  // namespace

std::string EventLog::random_name() {
    return random_hex(name_bytes);
}

void EventLog::add(const Change& change) noexcept {
    {
        const std::lock_guard lock(mutex_);
        ++last_;
        try {
            keep(change);
        } catch (const std::bad_alloc&) {
            events_.clear();
        }
    }
    came_.notify_all();
}

void EventLog::keep(const Change& change) {
    if (events_.size() == most_) events_.pop_front();
    const bool is_kept = change.request_id.size() <= longest_id;
    events_.push_back({last_, is_kept ? change : Change{}});
}

void EventLog::set_blind() noexcept {
    {
        const std::lock_guard lock(mutex_);
        is_blind_ = true;
    }
    add({});
}

void EventLog::close() noexcept {
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
    }
    came_.notify_all();
}

EventLog::News EventLog::wait_after(std::uint64_t number, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, patience, [&] { return is_closed_ || last_ > number; });
    News news{.events = {}, .last = last_, .is_forgotten = is_forgotten(number)};
    news.is_blind = is_blind_;
    news.is_closed = is_closed_;
    if (news.is_closed || news.is_forgotten) return news;
    news.events = latest_after(number);
    if (!news.events.empty()) news.last = news.events.back().number;
    return news;
}

bool EventLog::is_forgotten(std::uint64_t number) const {
    if (number == last_) return false;
    return events_.empty() || events_.front().number > number + 1;
}

std::vector<EventLog::Event> EventLog::latest_after(std::uint64_t number) const {
    std::vector<Event> latest;
    std::unordered_set<std::string_view> seen;
    for (auto event = events_.rbegin(); event != events_.rend() && event->number > number; ++event) {
        if (seen.insert(event->change.request_id).second) latest.push_back(*event);
    }
    std::reverse(latest.begin(), latest.end());
    if (latest.size() > most_at_once) latest.resize(most_at_once);
    return latest;
}

std::uint64_t EventLog::last() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

std::string EventLog::id_of(std::uint64_t number) const {
    return name_ + "-" + std::to_string(number);
}

std::optional<std::uint64_t> EventLog::number_of(std::string_view id) const {
    if (!id.starts_with(name_) || !id.substr(name_.size()).starts_with('-')) return std::nullopt;
    const std::string_view digits = id.substr(name_.size() + 1);
    std::uint64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    // Compared as text, so that "+1", "01" and "1x" are not the 1 that was written.
    if (read.ec != std::errc() || id != id_of(number) || number > last()) return std::nullopt;
    return number;
}

bool EventLog::can_go_on_after(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    return !is_blind_ && !is_forgotten(number);
}

}  // namespace approvekit::web
