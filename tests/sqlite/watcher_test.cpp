#include "sqlite/watcher.hpp"

#include "sqlite/bell.hpp"
#include "sqlite/lease.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/temporary_directory.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include <pthread.h>

using namespace approvekit::sqlite;
using namespace std::chrono_literals;

namespace {

constexpr Pace never_polling{.poll_interval = 1h};
constexpr Pace often_polling{.poll_interval = 1ms};

/// Counts what a watcher does.
struct Counts {
    std::atomic<int> looks{0};
    std::atomic<int> ticks{0};
    std::atomic<int> departures{0};
    std::atomic<int> failures{0};

    Watcher::Callbacks callbacks() {
        return {.look =
                    [this] {
                        ++looks;
                        return Looked::nothing;
                    },
                .tick =
                    [this] {
                        ++ticks;
                        return std::chrono::nanoseconds{1h};
                    },
                .departure = [this] { ++departures; },
                .on_failure = [this](const std::exception_ptr&) { ++failures; }};
    }
};

std::string text_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    }
}

/// A watcher that has done its first round and would do no other by itself.
struct WatchedDatabase {
    TemporaryDirectory directory;
    std::filesystem::path database = directory / "a.db";
    Bell bell{database};
    Counts counts;
    std::optional<Watcher> watcher;

    explicit WatchedDatabase(const Pace& pace = never_polling) {
        watcher.emplace(database, counts.callbacks(), pace);
        REQUIRE(eventually([this] { return counts.looks > 0 && counts.ticks > 0; }));
    }
};

}  // namespace

TEST_CASE("A watcher begins with a look and a tick") {
    const WatchedDatabase it;
    CHECK(it.counts.looks >= 1);
    CHECK(it.counts.ticks >= 1);
}

TEST_CASE("A ring of another process makes the watcher look, and not tick") {
    WatchedDatabase it;
    const int looks = it.counts.looks;
    const int ticks = it.counts.ticks;
    ForkedChild child([&](const ForkedChild::Report& report) {
        it.bell.ring();
        report();
    });
    CHECK(eventually([&] { return it.counts.looks > looks; }));
    CHECK(it.counts.ticks == ticks);
}

TEST_CASE("A write of the database makes the watcher look several times") {
    WatchedDatabase it;
    const int looks = it.counts.looks;
    std::ofstream(it.database) << "x";
    CHECK(eventually([&] { return it.counts.looks >= looks + 5; }));
}

TEST_CASE("A wake makes the watcher look and tick") {
    WatchedDatabase it;
    const int looks = it.counts.looks;
    const int ticks = it.counts.ticks;
    it.watcher->wake();
    CHECK(eventually([&] { return it.counts.looks > looks && it.counts.ticks > ticks; }));
}

TEST_CASE("Where nothing is notified, the watcher polls") {
    const TemporaryDirectory directory;
    Counts counts;
    const Watcher watcher(directory / "missing/a.db", counts.callbacks(), often_polling);
    CHECK(eventually([&] { return counts.looks >= 10 && counts.ticks >= 10; }));
}

TEST_CASE("A tick comes again when it said so, without a look") {
    const TemporaryDirectory directory;
    Counts counts;
    auto callbacks = counts.callbacks();
    callbacks.tick = [&] {
        ++counts.ticks;
        return std::chrono::nanoseconds{1ms};
    };
    const Watcher watcher(directory / "a.db", callbacks, never_polling);
    CHECK(eventually([&] { return counts.ticks >= 10; }));
    CHECK(counts.looks == 1);
}

TEST_CASE("A look that met a lock is repeated until it found its changes") {
    const TemporaryDirectory directory;
    Counts counts;
    auto callbacks = counts.callbacks();
    callbacks.look = [&] { return ++counts.looks < 10 ? Looked::busy : Looked::changes; };
    const Watcher watcher(directory / "a.db", callbacks, never_polling);
    CHECK(eventually([&] { return counts.looks >= 10; }));
}

TEST_CASE("H22 the death of an agent is told at once, when its lease is free") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const Lease lease(database, 0, {});
        report();
        ForkedChild::linger();
    });
    Counts counts;
    std::atomic<bool> freed{false};
    auto callbacks = counts.callbacks();
    callbacks.departure = [&] { freed = freed || !LeaseProbe(database).is_locked(0); };
    const Watcher watcher(database, callbacks, never_polling);
    REQUIRE(eventually([&] { return counts.looks > 0; }));
    REQUIRE_FALSE(freed);

    agent.kill();
    CHECK(eventually([&] { return freed.load(); }));
}

TEST_CASE("What callbacks throw is told, and the watcher goes on") {
    const TemporaryDirectory directory;
    Counts counts;
    std::mutex mutex;
    std::string texts;
    auto callbacks = counts.callbacks();
    callbacks.look = [&]() -> Looked { throw std::runtime_error("no look " + std::to_string(++counts.looks)); };
    callbacks.tick = [&]() -> std::chrono::nanoseconds {
        throw std::runtime_error("no tick " + std::to_string(++counts.ticks));
    };
    callbacks.departure = [&] { throw std::runtime_error("no departure " + std::to_string(++counts.departures)); };
    callbacks.on_failure = [&](const std::exception_ptr& failure) {
        const std::lock_guard lock(mutex);
        texts += text_of(failure) + "\n";
    };
    const Watcher watcher(directory / "a.db", callbacks, often_polling);
    { const Bell bell(directory / "a.db"); }
    CHECK(eventually([&] {
        const std::lock_guard lock(mutex);
        return texts.find("no look 2") < texts.size() && texts.find("no tick 2") < texts.size() &&
               texts.find("no departure 1") < texts.size();
    }));
}

TEST_CASE("No callback runs after the watcher is gone") {
    WatchedDatabase it;
    it.bell.ring();
    it.watcher.reset();
    const int looks = it.counts.looks;
    it.bell.ring();
    DirectoryWatch other(it.database);
    it.bell.ring();
    CHECK(other.wait(20s).bell);
    CHECK(it.counts.looks == looks);
}

TEST_CASE("A watcher ends at once, however long it would still have slept") {
    WatchedDatabase it;
    const auto begin = std::chrono::steady_clock::now();
    it.watcher.reset();
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("A callback may wake its own watcher") {
    const TemporaryDirectory directory;
    std::atomic<Watcher*> self{nullptr};
    Counts counts;
    auto callbacks = counts.callbacks();
    callbacks.look = [&] {
        if (++counts.looks < 10 && self != nullptr) self.load()->wake();
        return Looked::nothing;
    };
    Watcher watcher(directory / "a.db", callbacks, never_polling);
    self = &watcher;
    watcher.wake();
    CHECK(eventually([&] { return counts.looks >= 9; }));
}

TEST_CASE("H29 in a forked child the watcher goes without waiting for its thread, and leaves the parent's in peace") {
    WatchedDatabase it;
    const int ticks = it.counts.ticks;
    ForkedChild child([&](const ForkedChild::Report& report) {
        ::alarm(20);
        it.watcher.reset();
        report();
    });
    CHECK(child.wait() == 0);
    const int looks = it.counts.looks;
    it.bell.ring();
    CHECK(eventually([&] { return it.counts.looks > looks; }));
    CHECK(it.counts.ticks == ticks);
}

TEST_CASE("The watcher leaves the program's signals to the program's own threads") {
    const TemporaryDirectory directory;
    Counts counts;
    std::atomic<bool> blocks_termination{false};
    std::atomic<bool> blocks_faults{true};
    auto callbacks = counts.callbacks();
    callbacks.tick = [&] {
        ::sigset_t blocked;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
        blocks_termination = ::sigismember(&blocked, SIGTERM) == 1 && ::sigismember(&blocked, SIGINT) == 1;
        blocks_faults = ::sigismember(&blocked, SIGSEGV) == 1;
        ++counts.ticks;
        return std::chrono::nanoseconds{1h};
    };
    const Watcher watcher(directory / "a.db", callbacks, never_polling);
    REQUIRE(eventually([&] { return counts.ticks > 0; }));
    CHECK(blocks_termination);
    CHECK_FALSE(blocks_faults);
}

TEST_CASE("H28 while a storm of writes goes on, rings are answered and looks stay few") {
    WatchedDatabase it;
    std::ofstream database(it.database);
    const int before = it.counts.looks;
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < 400ms) {
        database << 'x' << std::flush;
        std::this_thread::sleep_for(200us);
    }
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    CHECK(it.counts.looks - before < 300 + 500 * seconds);

    const int looks = it.counts.looks;
    it.bell.ring();
    CHECK(eventually([&] { return it.counts.looks > looks; }));
}
