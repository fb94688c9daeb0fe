#include "web/event_hub.hpp"

#include "approvekit/json.hpp"

#include <utility>

namespace approvekit::web {
namespace {

/// A client that reads more slowly than this many changes come is told to look for itself instead.
constexpr std::size_t maximum_backlog = 256;

std::string event_text(const Change& change) {
    const Json data = {{"request_id", change.request_id}, {"status", to_string(change.status)}};
    return "event: change\ndata: " + data.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n\n";
}

/// Something happened, but it is not known what.
constexpr std::string_view unknown_change = "event: change\ndata: {\"request_id\":null,\"status\":null}\n\n";

}  // namespace

EventStream::EventStream(std::string hello) {
    texts_.push_back(std::move(hello));
}

std::optional<std::string> EventStream::next(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, patience, [&] { return ended_ || !texts_.empty(); });
    if (ended_) return std::nullopt;
    if (texts_.empty()) return std::string(blind_ ? unknown_change : ":\n\n");
    std::string all;
    for (const std::string& text : std::exchange(texts_, {}))
        all += text;
    return all;
}

void EventStream::add(const Change& change) {
    push(change.request_id.empty() ? std::string(unknown_change) : event_text(change));
}

void EventStream::go_blind() {
    const std::lock_guard lock(mutex_);
    blind_ = true;
}

void EventStream::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    wake_.notify_all();
}

void EventStream::push(std::string text) {
    const std::lock_guard lock(mutex_);
    if (texts_.size() == maximum_backlog) {
        texts_.clear();
        text = unknown_change;
    }
    texts_.push_back(std::move(text));
    wake_.notify_all();
}

std::shared_ptr<EventStream> EventHub::open(std::string hello) {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
    if (closed_ || streams_.size() >= capacity_) return nullptr;
    auto stream = std::make_shared<EventStream>(std::move(hello));
    if (blind_) stream->go_blind();
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
        stream->add(change);
}

void EventHub::on_watch_failed(const std::string&) noexcept {
    {
        const std::lock_guard lock(mutex_);
        blind_ = true;
    }
    for (const auto& stream : streams())
        stream->go_blind();
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
