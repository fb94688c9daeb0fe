#pragma once

#include "approvekit/storage.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace approvekit::terminal {

/// What the storage's thread tells, kept until the watch has time for it. Thread-safe.
class ChangeQueue final : public ChangeListener {
public:
    /// What came since the last time.
    struct Batch {
        std::vector<std::string> ids;
        bool look_at_everything = false;  ///< some changes may have been missed
    };

    void on_change(const Change& change) noexcept override;
    void on_watch_failed(const std::string& reason) noexcept override;

    /// Waits until there is something, at most `longest`, and not beyond a request to stop.
    [[nodiscard]] Batch take(std::chrono::milliseconds longest, const std::stop_token& stop);

private:
    std::mutex mutex_;
    std::condition_variable_any came_;
    Batch batch_;
    bool failed_ = false;  // from then on every look is a look at everything
};

}  // namespace approvekit::terminal
