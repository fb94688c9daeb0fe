#pragma once

#include "approvekit/storage.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace approvekit::web {

/// Ends what is overdue or orphaned, again and again, so that whoever looks on sees it end. Owns a thread.
class Sweeper {
public:
    static constexpr std::chrono::milliseconds default_period{1000};

    /// Keeps a reference to `storage`.
    explicit Sweeper(Storage& storage, std::chrono::milliseconds period = default_period);

    /// Whether the storage could be reached the last time. Thread-safe.
    [[nodiscard]] bool healthy() const noexcept { return healthy_; }

private:
    void run(const std::stop_token& stop);
    void sweep();

    Storage& storage_;
    const std::chrono::milliseconds period_;
    std::atomic<bool> healthy_ = true;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace approvekit::web
