#include "web/event_hub.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/json.hpp"

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
    // Compare as text, so that "+1", "01" and "1x" are not the 1 that was written.
    if (read.ec != std::errc() || id != id_of(number) || number > last()) return std::nullopt;
    return number;
}

bool EventLog::can_go_on_after(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    return !is_blind_ && !is_forgotten(number);
}

namespace {

/// Returns an event as a client reads it.
std::string event_text(std::string_view name, const Json& data) {
    return "event: " + std::string(name) + "\ndata: " + data.dump(-1, ' ', true, Json::error_handler_t::replace) +
           "\n\n";
}

std::string change_text(const Change& change) {
    const bool is_known = !change.request_id.empty();
    return event_text("change", {{"request_id", is_known ? Json(change.request_id) : Json()},
                                 {"status", is_known ? Json(to_string(change.status)) : Json()}});
}

/// `number`: from where a client goes on that has taken in this event.
std::string numbered(const EventLog& log, std::uint64_t number, const std::string& text) {
    return "id: " + log.id_of(number) + "\n" + text;
}

constexpr std::string_view unknown_id = "unknown_id";
constexpr std::string_view too_old = "too_old";

std::string reset_text(std::string_view why) {
    return event_text("reset", {{"why", why}});
}

}  // namespace

EventStream::EventStream(EventLog& log, std::uint64_t number, std::string greeting, StreamListener listener)
    : log_(log), listener_(std::move(listener)), number_(number), greeting_(std::move(greeting)) {}

std::optional<std::string> EventStream::next(std::chrono::milliseconds patience) {
    const bool greets = greeting_.has_value();
    const EventLog::News news = news_within(greets ? std::chrono::milliseconds(0) : patience);
    if (news.is_closed) return std::nullopt;
    if (greets) return *std::exchange(greeting_, std::nullopt);
    number_ = news.last;
    if (news.is_forgotten) return numbered(log_, number_, reset_text(too_old));
    std::string all;
    for (const EventLog::Event& event : news.events)
        all += numbered(log_, event.number, change_text(event.change));
    if (!all.empty()) return all;
    return news.is_blind ? change_text({}) : ":\n\n";
}

/// If the listener may no longer listen, the news says closed, as when the server stops.
EventLog::News EventStream::news_within(std::chrono::milliseconds patience) {
    if (!listener_.may_listen) return log_.wait_after(number_, patience);
    for (;;) {
        const auto part = std::min(patience, listener_period);
        patience -= part;
        EventLog::News news = log_.wait_after(number_, part);
        news.is_closed = news.is_closed || !listener_.may_listen();
        if (news.is_closed || news.last != number_ || patience.count() == 0) return news;
    }
}

std::shared_ptr<EventStream> EventHub::open(std::string_view now, std::optional<std::string_view> last_event_id,
                                            StreamListener listener) {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
    if (closed_ || !has_room_for(listener.reviewer)) return nullptr;
    auto stream = stream_from(now, last_event_id, std::move(listener));
    streams_.push_back(stream);
    return stream;
}

/// One of several reviewers leaves room for the others.
bool EventHub::has_room_for(const std::string& reviewer) const {
    if (streams_.size() >= capacity_) return false;
    if (reviewer.empty()) return true;
    const auto is_own = [&](const std::weak_ptr<EventStream>& one) {
        const auto stream = one.lock();
        return stream && stream->reviewer() == reviewer;
    };
    const auto own = static_cast<std::size_t>(std::count_if(streams_.begin(), streams_.end(), is_own));
    return own < std::max<std::size_t>(1, capacity_ / 2);
}

std::shared_ptr<EventStream> EventHub::stream_from(std::string_view now, std::optional<std::string_view> last_event_id,
                                                   StreamListener listener) {
    const auto asked = last_event_id ? log_.number_of(*last_event_id) : std::nullopt;
    const bool goes_on = asked && log_.can_go_on_after(*asked);
    const std::uint64_t number = goes_on ? *asked : log_.last();
    const auto hello = event_text("hello", {{"now", now}, {"resumed", goes_on}});
    std::string greeting = numbered(log_, number, hello);
    if (last_event_id && !goes_on) greeting += reset_text(asked ? too_old : unknown_id);
    return std::make_shared<EventStream>(log_, number, std::move(greeting), std::move(listener));
}

void EventHub::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    log_.close();
}

}  // namespace approvekit::web
