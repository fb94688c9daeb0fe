#include "review/change_queue.hpp"

#include <utility>

namespace approvekit::terminal {
namespace {

// Beyond this it costs less to look at everything once.
constexpr std::size_t most_waiting_changes = 4096;

}  // namespace

void ChangeQueue::on_change(const Change& change) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (change.request_id.empty() || batch_.ids.size() >= most_waiting_changes) {
            batch_ = {.ids = {}, .look_at_everything = true};
        } else if (!batch_.look_at_everything) {
            batch_.ids.push_back(change.request_id);
        }
    }
    came_.notify_one();
}

void ChangeQueue::on_watch_failed(const std::string& /*reason*/) noexcept {
    const std::lock_guard lock(mutex_);
    failed_ = true;
}

ChangeQueue::Batch ChangeQueue::take(std::chrono::milliseconds longest, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, stop, longest, [this] { return batch_.look_at_everything || !batch_.ids.empty(); });
    Batch taken = std::exchange(batch_, {});
    taken.look_at_everything = taken.look_at_everything || failed_;
    return taken;
}

}  // namespace approvekit::terminal
