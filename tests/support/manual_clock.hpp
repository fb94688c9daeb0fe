#pragma once

#include "approvekit/clock.hpp"

#include <atomic>
#include <chrono>

namespace approvekit::testing {

/// A clock that stands still until a test moves it. Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start = Time(std::chrono::days(20'000))) : now_(start.time_since_epoch()) {}

    [[nodiscard]] Time now() const override { return Time(now_.load()); }
    [[nodiscard]] std::chrono::microseconds since_boot() const override { return now_.load(); }

    void advance(std::chrono::microseconds by) { now_ = now_.load() + by; }

private:
    std::atomic<std::chrono::microseconds> now_;
};

}  // namespace approvekit::testing
