#include "agent/waiting_calls.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

using approvekit::ApprovalStatus;
using approvekit::Change;
using approvekit::Scrubber;
using approvekit::detail::Notice;
using approvekit::detail::WaitingCall;
using approvekit::detail::WaitingCalls;

namespace {

using SteadyClock = std::chrono::steady_clock;

/// Two calls that wait in one waiting_calls.
struct Waiting {
    Waiting() {
        waiting_calls.enter("first", first);
        waiting_calls.enter("second", second);
    }
    [[nodiscard]] bool called(const char* first_or_second) const {
        return waiting_calls.find(first_or_second)->called();
    }

    WaitingCalls waiting_calls;
    std::shared_ptr<WaitingCall> first = std::make_shared<WaitingCall>(Scrubber());
    std::shared_ptr<WaitingCall> second = std::make_shared<WaitingCall>(Scrubber());
};

constexpr std::chrono::seconds long_time{60};

/// The pause only makes it likely that the call sleeps by then; the checks do not depend on it.
template <typename Action>
[[nodiscard]] std::jthread soon(Action action) {
    return std::jthread([action] {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        action();
    });
}

}  // namespace

TEST_CASE("given a call that sleeps, when it is stopped, then it wakes long before its deadline") {
    WaitingCall waiting{Scrubber()};
    const auto start = SteadyClock::now();
    std::stop_source source;
    const std::jthread impatient = soon([&] { source.request_stop(); });
    CHECK(waiting.wait(source.get_token(), start + long_time) == Notice::none);
    CHECK(source.stop_requested());
    CHECK(SteadyClock::now() - start < long_time / 2);
}

TEST_CASE("given a call that sleeps, when it is called, then it wakes and the call is taken back") {
    WaitingCall waiting{Scrubber()};
    const auto start = SteadyClock::now();
    const std::jthread caller = soon([&] { waiting.call(Notice::look); });
    CHECK(waiting.wait({}, start + long_time) == Notice::look);
    CHECK_FALSE(waiting.called());
    CHECK(waiting.wait({}, SteadyClock::now()) == Notice::none);
}

TEST_CASE("given calls in a waiting_calls, when one request is decided, then that call alone wakes") {
    Waiting waiting;
    waiting.waiting_calls.on_change({"first", ApprovalStatus::approved});
    CHECK(waiting.called("first"));
    CHECK_FALSE(waiting.called("second"));
}

TEST_CASE("given a call that was told of an approval, when that was not the end, then it hears the last word") {
    Waiting waiting;
    waiting.waiting_calls.on_change({"first", ApprovalStatus::approved});
    CHECK(waiting.first->wait({}, SteadyClock::now()) == Notice::approved);
    waiting.waiting_calls.on_change({"first", ApprovalStatus::approved});
    waiting.waiting_calls.on_change({"first", ApprovalStatus::rejected});
    CHECK(waiting.first->wait({}, SteadyClock::now()) == Notice::look);
}

TEST_CASE("given calls in a waiting_calls, when a request is only asked or is nobody's here, then nobody wakes") {
    Waiting waiting;
    waiting.waiting_calls.on_change({"first", ApprovalStatus::pending});
    waiting.waiting_calls.on_change({"third", ApprovalStatus::approved});
    CHECK_FALSE(waiting.called("first"));
    CHECK_FALSE(waiting.called("second"));
}

TEST_CASE("given calls in a waiting_calls, when any of them may be meant, then everybody wakes and looks") {
    Waiting waiting;
    SECTION("a change that names no request") {
        waiting.waiting_calls.on_change(Change{});
    }
    SECTION("a watch that sees nothing any more") {
        waiting.waiting_calls.on_watch_failed("the disk is gone");
    }
    CHECK(waiting.called("first"));
    CHECK(waiting.called("second"));
}

TEST_CASE("given a call that left its waiting_calls, when its request is decided, then nobody is there to wake") {
    Waiting waiting;
    waiting.waiting_calls.leave("first", waiting.first);
    waiting.waiting_calls.on_change({"first", ApprovalStatus::approved});
    CHECK(waiting.waiting_calls.find("first") == nullptr);
    CHECK_FALSE(waiting.first->called());
}

TEST_CASE("given a call in the place of an earlier one, when that leaves, then the later one stays and hears") {
    Waiting waiting;
    const auto later = std::make_shared<WaitingCall>(Scrubber());
    waiting.waiting_calls.enter("first", later);
    CHECK(waiting.first->is_replaced());
    CHECK(waiting.first->called());
    CHECK_FALSE(later->is_replaced());
    waiting.waiting_calls.leave("first", waiting.first);
    waiting.waiting_calls.on_change({"first", ApprovalStatus::approved});
    CHECK(later->called());
}

TEST_CASE("given listeners that let calls enter and leave, when all are called, then that neither hangs nor breaks") {
    Waiting waiting;
    int calls = 0;
    const auto listener = [&] {
        ++calls;
        waiting.waiting_calls.enter("third", std::make_shared<WaitingCall>(Scrubber()));
        waiting.waiting_calls.leave("first", waiting.first);
    };
    waiting.first->listen(listener);
    waiting.second->listen(listener);
    waiting.waiting_calls.on_watch_failed("too many changes");
    CHECK(calls >= 1);
    CHECK(calls <= 2);
    CHECK(waiting.second->called());
}

TEST_CASE("given a place with a bell, when it is called, then the bell is too, as long as it lives") {
    WaitingCall place{Scrubber()};
    auto bell = std::make_shared<WaitingCall>(Scrubber());
    place.ring_at(bell);
    place.call(Notice::approved);
    CHECK(bell->take() == Notice::approved);
    CHECK(bell->take() == Notice::none);
    CHECK(place.take() == Notice::approved);
    place.put_back(Notice::look);
    place.put_back(Notice::approved);
    CHECK(place.take() == Notice::look);
    bell.reset();
    place.call(Notice::look);
}
