#pragma once

#include "approvekit/clock.hpp"

#include <atomic>
#include <chrono>

namespace approvekit::testing {

/// A wall clock that can be set, and a second clock that only runs. Thread-safe.
class SettableClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return Time(now_.load()); }
    [[nodiscard]] std::chrono::microseconds since_boot() const override { return since_boot_; }

    void pass(std::chrono::microseconds time) {
        now_ = now_.load() + time;
        since_boot_ = since_boot_.load() + time;
    }
    void set(Time now, std::chrono::microseconds since_boot) {
        now_ = now.time_since_epoch();
        since_boot_ = since_boot;
    }
    void set_back(std::chrono::microseconds time) { now_ = now_.load() - time; }

private:
    std::atomic<std::chrono::microseconds> now_{std::chrono::days(20'000)};
    std::atomic<std::chrono::microseconds> since_boot_{std::chrono::hours(1)};
};

}  // namespace approvekit::testing
