#include "sqlite/directory_watch.hpp"

#include "sqlite/bell.hpp"

#include "support/catch.hpp"
#include "support/forked_child.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit::sqlite;
using namespace std::chrono_literals;

namespace {

constexpr auto long_enough = 20s;

void append_to(const std::filesystem::path& path) {
    std::ofstream(path, std::ios::app) << "x";
}

DirectoryWatch::Event drain(DirectoryWatch& watch) {
    return watch.wait(0ns);
}

/// Collects events until `wanted` holds for all of them together.
DirectoryWatch::Event wait_for(DirectoryWatch& watch, const std::function<bool(const DirectoryWatch::Event&)>& wanted) {
    DirectoryWatch::Event sum;
    const auto deadline = std::chrono::steady_clock::now() + long_enough;
    while (!wanted(sum) && std::chrono::steady_clock::now() < deadline) {
        const auto event = watch.wait(long_enough);
        sum.bell |= event.bell;
        sum.closed_bell |= event.closed_bell;
        sum.database |= event.database;
        sum.unrelated |= event.unrelated;
        sum.interrupted |= event.interrupted;
    }
    return sum;
}

/// A directory with a bell, and a watch that has nothing to report yet.
struct Watched {
    TemporaryDirectory directory;
    std::filesystem::path database = directory / "a.db";
    Bell bell{database};
    DirectoryWatch watch{database};
};

}  // namespace

TEST_CASE("A wait comes to its end while others write into the directory without a pause") {
    Watched it;
    std::vector<std::jthread> writers;
    for (const char* name : {"one", "two"}) {
        writers.emplace_back([file = std::ofstream(it.directory / name)](const std::stop_token& stop) mutable {
            while (!stop.stop_requested())
                file << 'x' << std::flush;
        });
    }
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i)
        static_cast<void>(it.watch.wait(0ns));
    CHECK(std::chrono::steady_clock::now() - begin < long_enough);
}

TEST_CASE("A wait in which nothing happens ends empty after its timeout, and not before") {
    Watched it;
    const auto begin = std::chrono::steady_clock::now();
    const auto event = it.watch.wait(30ms);
    CHECK_FALSE(event.any());
    CHECK(std::chrono::steady_clock::now() - begin >= 30ms);
}

TEST_CASE("A ring is told as such, once, however often the bell rang") {
    Watched it;
    it.bell.ring();
    it.bell.ring();
    const auto event = it.watch.wait(long_enough);
    CHECK(event.bell);
    CHECK_FALSE(event.closed_bell);
    CHECK_FALSE(event.database);
    CHECK_FALSE(drain(it.watch).any());
}

TEST_CASE("A ring of another process is told") {
    Watched it;
    ForkedChild child([&](const ForkedChild::Report& report) {
        it.bell.ring();
        report();
    });
    CHECK(it.watch.wait(long_enough).bell);
}

TEST_CASE("A write of the database or of one of its journals is told as the database's") {
    Watched it;
    append_to(it.directory / GENERATE("a.db", "a.db-wal", "a.db-journal"));
    const auto event = it.watch.wait(long_enough);
    CHECK(event.database);
    CHECK_FALSE(event.bell);
    CHECK_FALSE(event.closed_bell);
}

TEST_CASE("The end of a journal, and a file moved over the database, are told as the database's") {
    Watched it;
    append_to(it.directory / "a.db-journal");
    append_to(it.directory / "other");
    drain(it.watch);
    SECTION("deleted journal") {
        std::filesystem::remove(it.directory / "a.db-journal");
    }
    SECTION("replaced database") {
        std::filesystem::rename(it.directory / "other", it.database);
    }
    CHECK(wait_for(it.watch, [](const auto& event) { return event.database; }).database);
}

TEST_CASE("Other files of the directory are told apart, also those with similar names") {
    Watched it;
    append_to(it.directory / GENERATE("b.db", "a.db2", "a.d", "a.db-shm", "xa.db", "a.db-bell2"));
    const auto event = it.watch.wait(long_enough);
    CHECK(event.unrelated);
    CHECK_FALSE(event.database);
    CHECK_FALSE(event.bell);
}

TEST_CASE("H22 a process that is killed lets go of its bell, which is told") {
    Watched it;
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const Bell bell(it.database);
        report();
        ForkedChild::linger();
    });
    drain(it.watch);
    agent.kill();
    CHECK(it.watch.wait(long_enough).closed_bell);
}

TEST_CASE("An interrupt from another thread ends a wait") {
    Watched it;
    std::jthread other([&] { it.watch.interrupt(); });
    const auto event = it.watch.wait(long_enough);
    CHECK(event.interrupted);
    CHECK_FALSE(event.bell);
}

TEST_CASE("An interrupt that came before the wait ends it too, once") {
    Watched it;
    it.watch.interrupt();
    it.watch.interrupt();
    CHECK(it.watch.wait(long_enough).interrupted);
    CHECK_FALSE(drain(it.watch).any());
}

TEST_CASE("Quiet, a watch tells of the bell alone; afterwards of everything again") {
    Watched it;
    append_to(it.database);
    drain(it.watch);
    it.watch.set_quiet(true);
    append_to(it.database);
    append_to(it.directory / "a.db-journal");
    append_to(it.directory / "b.db");
    CHECK_FALSE(drain(it.watch).any());
    it.bell.ring();
    CHECK(it.watch.wait(long_enough).bell);

    it.watch.set_quiet(false);
    append_to(it.database);
    CHECK(it.watch.wait(long_enough).database);
    it.bell.ring();
    CHECK(it.watch.wait(long_enough).bell);
    CHECK_FALSE(drain(it.watch).any());
}

TEST_CASE("Quiet, a watch tells of a death") {
    Watched it;
    it.watch.set_quiet(true);
    { const Bell other(it.database); }
    CHECK(it.watch.wait(long_enough).closed_bell);
}

TEST_CASE("Without a bell to listen to, a watch does not become quiet") {
    const TemporaryDirectory directory;
    DirectoryWatch watch(directory / "a.db");
    watch.set_quiet(true);
    append_to(directory / "a.db");
    CHECK(watch.wait(long_enough).database);
}

TEST_CASE("A bell that is removed and made again is heard again, quiet or not") {
    Watched it;
    it.watch.set_quiet(true);
    it.watch.set_quiet(false);
    std::filesystem::remove(bell_path(it.database));
    Bell anew(it.database);
    drain(it.watch);
    it.watch.set_quiet(GENERATE(false, true));
    anew.ring();
    CHECK(it.watch.wait(long_enough).bell);
}

TEST_CASE("When more happened than the system keeps, all is said to have happened") {
    Watched it;
    int limit = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
    std::ofstream database(it.database);
    // Alternates, since equal notifications in a row are merged into one.
    for (int i = 0; i <= limit / 2; ++i) {
        it.bell.ring();
        database << 'x' << std::flush;
    }
    const auto event = it.watch.wait(long_enough);
    CHECK(event.bell);
    CHECK(event.closed_bell);
    CHECK(event.database);
    CHECK_FALSE(drain(it.watch).any());
}

TEST_CASE("A directory that goes away is an event, and so is its return") {
    const TemporaryDirectory parent;
    const auto directory = parent / "inner";
    std::filesystem::create_directory(directory);
    DirectoryWatch watch(directory / "a.db");
    REQUIRE(watch.is_watching());

    std::filesystem::remove(directory);
    CHECK(watch.wait(long_enough).database);
    CHECK_FALSE(watch.is_watching());
    CHECK_FALSE(watch.wait(1ms).any());

    std::filesystem::create_directory(directory);
    CHECK(watch.wait(long_enough).database);
    CHECK(watch.is_watching());
    append_to(directory / "a.db");
    CHECK(watch.wait(long_enough).database);
}

TEST_CASE("A directory that is missing is waited for") {
    const TemporaryDirectory parent;
    DirectoryWatch watch(parent / "inner/a.db");
    CHECK_FALSE(watch.wait(1ms).any());
    watch.interrupt();
    CHECK(watch.wait(long_enough).interrupted);
}
