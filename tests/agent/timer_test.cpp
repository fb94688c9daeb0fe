// One thread that calls functions at their times.
#include "agent/timer.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/manual_clock.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using approvekit::detail::QueueThread;
using approvekit::detail::Timer;
using approvekit::detail::TimerQueue;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

struct Timing {
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    Timer timer{clock};
    TimerQueue& queue = *timer.queue();

    /// Advances the clock, and waits until the queue has called everything that is due.
    void pass(std::chrono::microseconds time) {
        clock->advance(time);
        std::atomic<bool> is_through = false;
        const auto entry = queue.call_after(0us, [&] { is_through = true; });
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

TEST_CASE("A timer notices by itself that its clock was set") {
    struct Watched final : approvekit::Clock {
        std::thread::id test = std::this_thread::get_id();
        mutable std::atomic<int> looks = 0;
        std::atomic<std::chrono::microseconds> time{0us};
        [[nodiscard]] approvekit::Time now() const override { return {}; }
        [[nodiscard]] std::chrono::microseconds since_boot() const override {
            const auto seen = time.load();
            if (std::this_thread::get_id() != test) ++looks;
            return seen;
        }
    };
    const auto clock = std::make_shared<Watched>();
    const Timer timer(clock);
    std::atomic<bool> called = false;
    const auto entry = timer.queue()->call_after(1h, [&] { called = true; });
    REQUIRE(eventually([&] { return clock->looks >= 3; }));  // the last look before it sleeps
    clock->time = 1h;
    CHECK(eventually([&] { return called.load(); }));
}

TEST_CASE("A timer calls sooner what is hastened, and once") {
    Timing timing;
    std::atomic<int> called = 0;
    auto entry = timing.queue.call_after(1h, [&] { ++called; });
    timing.queue.hasten(entry);
    CHECK(eventually([&] { return called == 1; }));
    timing.queue.hasten(entry);
    timing.pass(2h);
    CHECK(called == 1);
}

TEST_CASE("A timer that goes still calls what was to be called soon, and nothing that was to be called later") {
    auto timer = std::make_unique<Timer>(std::make_shared<ManualClock>());
    TimerQueue& queue = *timer->queue();
    std::string called;
    std::atomic<bool> is_over = false;
    queue.call_soon([&] {
        const auto never = queue.call_after(0us, [&] { called += "never"; });
        queue.call_soon([&] {
            called += "soon";
            is_over = true;
        });
        timer.reset();
        called += "gone, ";
    });
    CHECK(eventually([&] { return is_over.load(); }));
    CHECK(called == "gone, soon");
}

TEST_CASE("A thread that lets go of itself is waited for when the next one ends") {
    std::atomic<bool> is_exiting = false;
    std::atomic<bool> may_exit = false;
    std::atomic<bool> is_gone = false;
    struct Exit {
        std::function<void()> function;
        ~Exit() { function(); }
    };
    std::unique_ptr<QueueThread> own;
    std::atomic<bool> has_own = false;
    own = std::make_unique<QueueThread>([&] {
        thread_local const Exit exit{[&] {
            is_exiting = true;
            static_cast<void>(eventually([&] { return may_exit.load(); }));
            is_gone = true;
        }};
        static_cast<void>(eventually([&] { return has_own.load(); }));
        QueueThread::end(std::move(own));
    });
    has_own = true;
    REQUIRE(eventually([&] { return is_exiting.load(); }));
    const std::jthread releasing([&] { may_exit = true; });
    QueueThread::end(std::make_unique<QueueThread>([] {}));
    CHECK(is_gone);
}

TEST_CASE("H29 an entry that goes in a forked child waits for no lock that the parent's thread holds") {
    struct Slow final : approvekit::Clock {
        std::thread::id quick = std::this_thread::get_id();
        mutable std::atomic<bool> is_asked = false;
        std::atomic<bool> may_answer = false;
        [[nodiscard]] approvekit::Time now() const override { return {}; }
        [[nodiscard]] std::chrono::microseconds since_boot() const override {
            if (std::this_thread::get_id() != quick) {
                is_asked = true;
                while (!may_answer)
                    std::this_thread::yield();
            }
            return {};
        }
    };
    const auto clock = std::make_shared<Slow>();
    const Timer timer(clock);
    auto entry = timer.queue()->call_after(1h, [] {});
    REQUIRE(eventually([&] { return clock->is_asked.load(); }));  // while holding the queue's lock
    ForkedChild child(
        [&](const ForkedChild::Report& report) {
            { const auto gone = std::move(entry); }
            report();
            ::_exit(42);
        },
        ForkTime::at_once);
    CHECK(child.wait() == 42);
    clock->may_answer = true;
}

TEST_CASE("A timer that goes calls nothing any more, and may go within what it calls") {
    std::atomic<int> called = 0;
    {
        const Timer timer(std::make_shared<ManualClock>());
        timer.queue()->call_soon([&] { ++called; });
        CHECK(eventually([&] { return called == 1; }));
        const auto entry = timer.queue()->call_after(0us, [] {});
        timer.queue()->close();
        CHECK_FALSE(timer.queue()->call_soon([&] { ++called; }));
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
