#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

/// Waits until `condition` holds, and returns whether it ever did. A generous limit costs time only if a test fails.
/// Asks less often the longer it has waited, since other tests need the processor too.
template <typename Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds{60}) {
    const auto begin = std::chrono::steady_clock::now();
    while (!condition()) {
        const auto waited =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
        if (waited >= limit) return false;
        std::this_thread::sleep_for(
            std::clamp(waited / 8, std::chrono::microseconds{200}, std::chrono::microseconds{20'000}));
    }
    return true;
}
