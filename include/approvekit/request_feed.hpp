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

/// Reports changes of a storage's requests, whoever makes them, to a reader that fetches them when it has time.
///
/// The storage's thread is never blocked. Changes are kept until the reader fetches them, for up to 4096 requests;
/// beyond that the reader is told to look at everything. Thread-safe; if several threads wait, one of them gets the
/// news.
class RequestFeed {
public:
    /// What happened since the last fetch.
    struct News {
        /// Each changed request once, with its last status, in the order of their first change.
        std::vector<Change> changes;
        /// Changes may have been missed, or there were too many: look at every request. `changes` is empty then.
        bool look_at_everything = false;

        [[nodiscard]] bool empty() const noexcept { return changes.empty() && !look_at_everything; }
    };

    /// Reports what happens from now on. The first news is to look at everything, so that nothing is missed between an
    /// earlier look and the feed. `storage` must outlive this. Throws StorageError.
    explicit RequestFeed(Storage& storage);
    ~RequestFeed();

    RequestFeed(const RequestFeed&) = delete;
    RequestFeed& operator=(const RequestFeed&) = delete;

    /// Waits for news, for at most `longest` and until `stop` is requested. Returns empty news when there is none by
    /// then. If the storage can no longer report changes, each call waits that long and then says to look at
    /// everything.
    [[nodiscard]] News wait(std::chrono::milliseconds longest, const std::stop_token& stop = {});

private:
    std::shared_ptr<review::ChangeQueue> queue_;
    std::unique_ptr<Subscription> subscription_;
};

}  // namespace approvekit
