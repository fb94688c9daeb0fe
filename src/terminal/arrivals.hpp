#pragma once

#include "approvekit/request_feed.hpp"
#include "base/file_descriptor.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace approvekit::terminal {

/// Tells through a file descriptor what happens to requests, for callers that wait for other descriptors too. Keeps
/// what was not taken yet. Gives notice once a second at most. Thread-safe.
class Arrivals {
public:
    /// `storage` must outlive this object. Throws StorageError, and std::system_error if no descriptor is left.
    explicit Arrivals(Storage& storage);

    /// poll() finds this descriptor readable while there is something to take.
    [[nodiscard]] int file() const noexcept { return readable_.get(); }

    /// Returns what happened since the last time. Never waits.
    [[nodiscard]] RequestFeed::News take();

    /// To be called if what was taken could not be used. Soon, whatever happens, the news will say to look at
    /// everything.
    void look_again() noexcept { looks_again_ = true; }

private:
    void follow(const std::stop_token& stop);
    void hand_over(RequestFeed::News news, const std::stop_token& stop);

    base::FileDescriptor readable_;
    base::FileDescriptor writable_;
    RequestFeed feed_;
    std::mutex mutex_;
    std::condition_variable_any taken_;
    RequestFeed::News news_;
    std::atomic<bool> looks_again_ = false;
    std::jthread thread_;  // last, since it uses all of the above
};

}  // namespace approvekit::terminal
