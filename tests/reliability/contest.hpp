#pragma once

#include "test_record.hpp"

#include "support/forked_child.hpp"

#include "approvekit/request.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include <pthread.h>

namespace approvekit::testing {

/// A text that several processes can see.
struct Line {
    std::array<char, 512> text{};

    void set(const std::string& value) {
        const std::size_t size = std::min(value.size(), text.size() - 1);
        std::copy_n(value.begin(), size, text.begin());
        text.at(size) = '\0';
    }
    [[nodiscard]] std::string get() const { return text.data(); }
};

/// Lets processes wait for each other, in memory that they share. It opens when all of them have come.
class Barrier {
public:
    explicit Barrier(unsigned parties) {
        pthread_barrierattr_t shared;
        ::pthread_barrierattr_init(&shared);
        ::pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
        ::pthread_barrier_init(&barrier_, &shared, parties);
    }
    void meet() { ::pthread_barrier_wait(&barrier_); }

private:
    pthread_barrier_t barrier_;
};

/// A clock for which every deadline has passed.
class LateClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return real_.now() + ahead; }
    [[nodiscard]] std::chrono::microseconds since_boot() const override { return real_.since_boot() + ahead; }

private:
    static constexpr std::chrono::hours ahead{24};
    SystemClock real_;
};

/// How the record of a race is opened.
inline Opening racing(std::shared_ptr<const Clock> clock = nullptr) {
    Opening options;
    options.durability = Durability::relaxed;
    options.busy_timeout = std::chrono::minutes{1};
    options.clock = std::move(clock);
    return options;
}

/// The state of a request in words.
inline std::string describe(const ApprovalRequest& request) {
    const std::string status(to_string(request.status));
    if (request.reviewer.empty()) return status + ": " + request.reviewer_notes.value_or("");
    return status + " by " + request.reviewer + " (" + request.way + ")";
}

/// The end of a request whose deadline a sweep found passed. On a server, a sweep leaves alone what somebody else is
/// about to decide.
inline ApprovalRequest swept(Storage& storage, const std::string& id) {
    while (true) {
        storage.sweep();
        ApprovalRequest request = storage.find(id).value();
        if (request.status != ApprovalStatus::pending) return request;
    }
}

/// Waits for a random time, so that nobody always starts at the same moment and each gets a chance to be first.
inline void stagger(std::chrono::microseconds most = std::chrono::microseconds{400}) {
    thread_local std::minstd_rand random{static_cast<unsigned>(::getpid())};
    std::uniform_int_distribution<std::chrono::microseconds::rep> chance(0, most.count());
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(chance(random));
    while (std::chrono::steady_clock::now() < until) {
    }
}

/// In this many races, each participant should come first at least once; in fewer, chance may prevent it.
inline constexpr int enough_races = 200;

/// Runs `body` in a separate process.
template <typename Body>
void enter(std::deque<ForkedChild>& children, Body body) {
    children.emplace_back([body](const ForkedChild::Report& report) {
        report();
        try {
            body();
        } catch (const std::exception& error) {
            std::cerr << error.what() << '\n';
            throw;
        }
    });
}

/// Whether all of them end well. The end of the first one decides: either all return together, or one failed and the
/// others would wait for it for ever. Then they are killed with `children`.
inline bool all_end_well(std::deque<ForkedChild>& children) {
    siginfo_t end{};
    const bool first_does =
        ::waitid(P_ALL, 0, &end, WEXITED | WNOWAIT) == 0 && end.si_code == CLD_EXITED && end.si_status == 0;
    if (!first_does) return false;
    return std::all_of(children.begin(), children.end(), [](ForkedChild& child) { return child.wait() == 0; });
}

}  // namespace approvekit::testing
