#include "approvekit/request_feed.hpp"

#include "review/change_queue.hpp"

namespace approvekit {

RequestFeed::RequestFeed(Storage& storage) : queue_(std::make_shared<review::ChangeQueue>()) {
    subscription_ = storage.subscribe(queue_);
    queue_->on_change({});
}

RequestFeed::~RequestFeed() = default;

RequestFeed::News RequestFeed::wait(std::chrono::milliseconds longest, const std::stop_token& stop) {
    return queue_->take(longest, stop);
}

}  // namespace approvekit
