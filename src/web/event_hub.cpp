#include "web/event_hub.hpp"

#include "approvekit/json.hpp"

#include <utility>

namespace approvekit::web {
namespace {

std::string event_text(const Change& change) {
    const Json data = {{"request_id", change.request_id}, {"status", to_string(change.status)}};
    return "event: change\ndata: " + data.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n\n";
}

/// Something happened, but it is not known what.
constexpr std::string_view unknown_change = "event: change\ndata: {\"request_id\":null,\"status\":null}\n\n";

std::string text_of(const RequestFeed::News& news) {
    if (news.look_at_everything) return std::string(unknown_change);
    std::string all;
    for (const Change& change : news.changes)
        all += event_text(change);
    return all.empty() ? ":\n\n" : all;
}

}  // namespace

EventStream::EventStream(std::string hello) : hello_(std::move(hello)) {}

std::optional<std::string> EventStream::next(std::chrono::milliseconds patience) {
    if (ending_.stop_requested()) return std::nullopt;
    if (hello_) return std::exchange(hello_, std::nullopt);
    const RequestFeed::News news = changes_.take(patience, ending_.get_token());
    if (ending_.stop_requested()) return std::nullopt;
    return text_of(news);
}

std::shared_ptr<EventStream> EventHub::open(std::string hello) {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
    if (closed_ || streams_.size() >= capacity_) return nullptr;
    auto stream = std::make_shared<EventStream>(std::move(hello));
    if (blind_) stream->changes().on_watch_failed({});
    streams_.push_back(stream);
    return stream;
}

void EventHub::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    for (const auto& stream : streams())
        stream->end();
}

void EventHub::on_change(const Change& change) noexcept {
    for (const auto& stream : streams())
        stream->changes().on_change(change);
}

void EventHub::on_watch_failed(const std::string& reason) noexcept {
    {
        const std::lock_guard lock(mutex_);
        blind_ = true;
    }
    for (const auto& stream : streams())
        stream->changes().on_watch_failed(reason);
}

std::vector<std::shared_ptr<EventStream>> EventHub::streams() {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<EventStream>> open;
    for (const auto& weak : streams_) {
        if (auto stream = weak.lock()) open.push_back(std::move(stream));
    }
    return open;
}

}  // namespace approvekit::web
