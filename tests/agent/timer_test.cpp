// One thread that calls functions at their times.
#include "agent/timer.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/manual_clock.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using approvekit::detail::Timer;
using approvekit::detail::TimerQueue;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

struct Timing {
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    Timer timer{clock};
    TimerQueue& queue = *timer.queue();

    /// Moves the clock on, and waits until the queue has called all that is due.
    void pass(std::chrono::microseconds time) {
        clock->advance(time);
        std::atomic<bool> is_through = false;
        const auto entry = queue.call_after(0us, [&] { is_through = true; });
        queue.look_again();
        REQUIRE(eventually([&] { return is_through.load(); }));
    }
};

}  // namespace

TEST_CASE("A timer calls what is due in the order of its times, and not before") {
    Timing timing;
    std::string called;
    const auto late = timing.queue.call_after(20s, [&] { called += "c"; });
    const auto early = timing.queue.call_after(10s, [&] { called += "a"; });
    const auto second = timing.queue.call_after(10s, [&] { called += "b"; });
    timing.pass(9s);
    CHECK(called.empty());
    timing.pass(1s);
    CHECK(called == "ab");
    timing.pass(100s);
    CHECK(called == "abc");
}

TEST_CASE("A timer forgets what is let go of, and keeps what moves") {
    Timing timing;
    std::string called;
    auto kept = timing.queue.call_after(10s, [&] { called += "kept"; });
    {
        const auto gone = timing.queue.call_after(10s, [&] { called += "gone"; });
        auto replaced = timing.queue.call_after(10s, [&] { called += "replaced"; });
        replaced = std::move(kept);
        kept = std::move(replaced);
    }
    timing.pass(10s);
    CHECK(called == "kept");
}

TEST_CASE("A timer calls at once what is to be called soon") {
    Timing timing;
    std::atomic<bool> called = false;
    const auto never = timing.queue.call_after(1h, [] {});
    timing.queue.call_soon([&] { called = true; });
    CHECK(eventually([&] { return called.load(); }));
}

TEST_CASE("A timer waits by itself, without anybody who looks again") {
    const Timer timer(std::make_shared<approvekit::SystemClock>());
    std::atomic<bool> called = false;
    const auto start = std::chrono::steady_clock::now();
    const auto entry = timer.queue()->call_after(20ms, [&] { called = true; });
    CHECK(eventually([&] { return called.load(); }));
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}

TEST_CASE("A timer that goes calls nothing any more, and may go within what it calls") {
    std::atomic<int> called = 0;
    {
        const Timer timer(std::make_shared<ManualClock>());
        timer.queue()->call_soon([&] { ++called; });
        CHECK(eventually([&] { return called == 1; }));
        const auto entry = timer.queue()->call_after(0us, [] {});
        timer.queue()->close();
        timer.queue()->call_soon([&] { ++called; });
    }
    auto timer = std::make_unique<Timer>(std::make_shared<ManualClock>());
    std::atomic<bool> is_gone = false;
    timer->queue()->call_soon([&] {
        timer.reset();
        is_gone = true;
    });
    CHECK(eventually([&] { return is_gone.load(); }));
    CHECK(called == 1);
}

TEST_CASE("A timer takes functions from many threads, each is called once") {
    const Timer timer(std::make_shared<approvekit::SystemClock>());
    std::atomic<int> called = 0;
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([&] {
                for (int round = 0; round < 200; ++round)
                    timer.queue()->call_soon([&] { ++called; });
            });
        }
    }
    CHECK(eventually([&] { return called == 800; }));
}
