#pragma once

#include <chrono>

namespace approvekit::postgres {

/// For how long a server is tried again that is away, or has other work. Not thread-safe.
class Patience {
public:
    explicit Patience(std::chrono::milliseconds lasts) : ends_(std::chrono::steady_clock::now() + lasts) {}

    [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() > ends_; }
    /// Waits a while that differs, so that two who met do not meet again, and is longer each time.
    void nap();

private:
    std::chrono::steady_clock::time_point ends_;
    int naps_ = 0;
};

}  // namespace approvekit::postgres
