#pragma once

#include <algorithm>
#include <chrono>

namespace approvekit::postgres {

/// Returns how long the server lets a writer run one statement, or do nothing between two, before it ends the
/// transaction. `busy_timeout` is how long the writer waits for others.
[[nodiscard]] constexpr std::chrono::milliseconds longest_hang(std::chrono::milliseconds busy_timeout) noexcept {
    return busy_timeout + std::chrono::seconds{60};
}

/// How long to keep trying a server that is away or busy. Not thread-safe.
class Patience {
public:
    explicit Patience(std::chrono::milliseconds lasts) : ends_(std::chrono::steady_clock::now() + lasts) {}

    [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() > ends_; }
    /// Waits for a random time, so that two that conflicted do not conflict again. The longest wait grows with each
    /// call.
    void nap();
    /// Returns `shortest`, doubled after each nap.
    [[nodiscard]] std::chrono::milliseconds growing(std::chrono::milliseconds shortest) const {
        return shortest * (1 << std::min(naps_, 10));
    }

private:
    std::chrono::steady_clock::time_point ends_;
    int naps_ = 0;
};

}  // namespace approvekit::postgres
