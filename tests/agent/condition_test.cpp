#include "agent/threads.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

using approvekit::detail::Condition;
using SteadyClock = std::chrono::steady_clock;

namespace {

/// What sleepers wait for.
struct Signal {
    bool wait(SteadyClock::duration patience) {
        std::unique_lock lock(mutex);
        ++sleepers;
        condition.wait_until(lock, SteadyClock::now() + patience, [this] { return given; });
        return given;
    }
    void give() {
        const std::lock_guard lock(mutex);
        given = true;
        condition.notify_all();
    }
    /// A thread that is counted has released the mutex, and so is asleep.
    [[nodiscard]] int asleep() {
        const std::lock_guard lock(mutex);
        return sleepers;
    }

    std::mutex mutex;
    Condition condition;
    int sleepers = 0;
    bool given = false;
};

}  // namespace

TEST_CASE("given sleepers, when they are notified, then each wakes long before its deadline") {
    constexpr std::chrono::seconds patience{60};
    Signal signal;
    std::vector<char> woken(50, 0);
    const auto start = SteadyClock::now();
    {
        std::vector<std::jthread> sleepers;
        for (char& each : woken) {
            sleepers.emplace_back([&] { each = signal.wait(patience) ? 1 : 0; });
        }
        CHECK(eventually([&] { return signal.asleep() == 50; }));
        signal.give();
    }
    CHECK(woken == std::vector<char>(50, 1));
    CHECK(SteadyClock::now() - start < patience);
}

TEST_CASE("given a sleeper that nobody notifies, then it wakes at its deadline and not before") {
    Signal signal;
    const auto start = SteadyClock::now();
    CHECK_FALSE(signal.wait(std::chrono::milliseconds{30}));
    CHECK(SteadyClock::now() - start >= std::chrono::milliseconds{30});
}

TEST_CASE("given a deadline that has passed, then nobody sleeps") {
    Signal signal;
    CHECK_FALSE(signal.wait(-std::chrono::hours{1}));
    signal.give();
    CHECK(signal.wait(-std::chrono::hours{1}));
}
