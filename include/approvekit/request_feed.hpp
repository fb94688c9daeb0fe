#pragma once

#include "approvekit/storage.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <vector>

namespace approvekit {

namespace review {
class ChangeQueue;
}  // namespace review

/// What happens to the requests of a storage, whoever does it, for one reader who takes it in whenever there is time.
///
/// The storage's thread is never held up: what the reader is late for is kept, up to 4096 requests, and beyond that the
/// reader is told to look at everything. Thread-safe; of several who wait, one gets the news.
class RequestFeed {
public:
    /// What happened since the last time.
    struct News {
        /// Each request that changed, once, with its last status; those that changed first come first.
        std::vector<Change> changes;
        /// Changes may have been missed, or were too many: look at every request. Then `changes` is empty.
        bool look_at_everything = false;

        [[nodiscard]] bool empty() const noexcept { return changes.empty() && !look_at_everything; }
    };

    /// Hears of what happens from now on. The first news is to look at everything, so that nothing falls between a look
    /// and a feed. `storage` must outlive this. Throws StorageError.
    explicit RequestFeed(Storage& storage);
    ~RequestFeed();

    RequestFeed(const RequestFeed&) = delete;
    RequestFeed& operator=(const RequestFeed&) = delete;

    /// Waits for news, `longest` at most and until `stop` is asked for; empty when there is none by then. From when the
    /// storage can tell of nothing any more, each call waits that long and then says to look at everything.
    [[nodiscard]] News wait(std::chrono::milliseconds longest, const std::stop_token& stop = {});

private:
    std::shared_ptr<review::ChangeQueue> queue_;
    std::unique_ptr<Subscription> subscription_;
};

}  // namespace approvekit
