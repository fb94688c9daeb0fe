#pragma once

#include "approvekit/request_feed.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace approvekit::review {

/// Keeps what a storage tells until the reader has time for it: each request once, and no more requests than the queue
/// was made for. For one reader. Thread-safe.
class ChangeQueue final : public ChangeListener {
public:
    /// Beyond this it costs less to look at everything once.
    static constexpr std::size_t usual_most = 4096;

    explicit ChangeQueue(std::size_t most = usual_most) : most_(most) {}

    void on_change(const Change& change) noexcept override;
    void on_watch_failed(const std::string& reason) noexcept override;

    /// See RequestFeed::wait().
    [[nodiscard]] RequestFeed::News take(std::chrono::milliseconds longest, const std::stop_token& stop);

private:
    void keep(const Change& change);
    void overflow() noexcept;

    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable_any came_;
    RequestFeed::News news_;
    std::unordered_map<std::string, std::size_t> places_;  // index of each request in the news
    bool failed_ = false;                                  // from then on, having no news means to look at everything
};

}  // namespace approvekit::review
