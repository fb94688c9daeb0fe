#include "web/event_hub.hpp"

#include "approvekit/json.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::web {
namespace {

/// What a client reads as something that happened.
std::string event_text(std::string_view name, const Json& data) {
    return "event: " + std::string(name) + "\ndata: " + data.dump(-1, ' ', true, Json::error_handler_t::replace) +
           "\n\n";
}

std::string change_text(const Change& change) {
    const bool is_known = !change.request_id.empty();
    return event_text("change", {{"request_id", is_known ? Json(change.request_id) : Json()},
                                 {"status", is_known ? Json(to_string(change.status)) : Json()}});
}

/// `number`: where a client goes on that has taken in this event.
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

/// Of a listener who may not listen any more they are closed, as of a server that stops.
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

/// One of several leaves room for the others.
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
