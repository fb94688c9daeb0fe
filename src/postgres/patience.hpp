#pragma once

#include <chrono>

namespace approvekit::postgres {

/// How long to keep trying a server that is away or busy. Not thread-safe.
class Patience {
public:
    explicit Patience(std::chrono::milliseconds lasts) : ends_(std::chrono::steady_clock::now() + lasts) {}

    [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() > ends_; }
    /// Waits for a random time, so that two that conflicted do not conflict again. The longest wait grows with each
    /// call.
    void nap();

private:
    std::chrono::steady_clock::time_point ends_;
    int naps_ = 0;
};

}  // namespace approvekit::postgres
