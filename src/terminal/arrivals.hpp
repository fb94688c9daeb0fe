#pragma once

#include "approvekit/request_feed.hpp"
#include "base/file_descriptor.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace approvekit::terminal {

/// Tells of what happens to requests by a file, for who waits for other files too. What is not taken yet is kept; word
/// of it comes once a second at most. Thread-safe.
class Arrivals {
public:
    /// `storage` must outlive this. Throws StorageError, and std::system_error where no file is left.
    explicit Arrivals(Storage& storage);

    /// poll() finds it readable while there is something to take.
    [[nodiscard]] int file() const noexcept { return readable_.get(); }

    /// What happened since the last time; never waits.
    [[nodiscard]] RequestFeed::News take();

    /// What was taken could not be used: soon, whatever happens, there is word to look at everything.
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
