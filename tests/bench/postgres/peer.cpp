// The other process of a measurement on a server: a reviewer, agents, or what these are compared with.

#include "bare_calls.hpp"
#include "held_crowd.hpp"
#include "sample_call.hpp"
#include "samples.hpp"

#include "approvekit/postgres_storage.hpp"
#include "approvekit/reviewer.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

constexpr int threads_of_each = 8;
constexpr int writers_of_bare_rows = 8;

/// Long enough for a caller to have fallen asleep while it waits for its request.
constexpr std::chrono::milliseconds time_to_settle{3};

/// Approves each request whose id it reads, and prints when the approval was called and when it returned.
void review(const std::string& record) {
    Reviewer reviewer(std::make_shared<PostgresStorage>(record), "ana", "library");
    for (std::string id; std::getline(std::cin, id);) {
        std::this_thread::sleep_for(time_to_settle);
        const auto asked = Clock::now();
        reviewer.approve(id);
        const auto returned = Clock::now();
        std::cout << asked.time_since_epoch().count() << '\n' << returned.time_since_epoch().count() << std::endl;
    }
}

/// Prints that it is ready. Then, for each number that it reads, prints how much `work` did in so many milliseconds.
void count_work(const std::function<int(std::chrono::milliseconds)>& work) {
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);)
        std::cout << work(std::chrono::milliseconds(std::stoi(line))) << std::endl;
}

int call_in_threads(const SampleAgent& agent, std::chrono::milliseconds period) {
    std::atomic<int> done = 0;
    std::atomic<bool> is_over = false;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < threads_of_each; ++thread) {
            threads.emplace_back([&] {
                for (; !is_over; ++done)
                    agent.call();
            });
        }
        std::this_thread::sleep_for(period);
        is_over = true;
    }
    return done;
}

void call(const std::string& record) {
    const SampleAgent agent(std::make_shared<PostgresStorage>(record), allowing_policy());
    agent.call();
    count_work([&](std::chrono::milliseconds period) { return call_in_threads(agent, period); });
}

/// Writes as many rows in a transaction as the threads of an agent can have in theirs.
void write_bare(const std::string& record, int writer) {
    BareServerCalls bare(record, writer, writers_of_bare_rows);
    count_work([&](std::chrono::milliseconds period) {
        int done = 0;
        for (const auto end = Clock::now() + period; Clock::now() < end; done += threads_of_each)
            bare.write(threads_of_each);
        return done;
    });
}

int run(const std::vector<std::string>& words) {
    const std::string mode = words.empty() ? "" : words.front();
    if (mode == "review" && words.size() == 2)
        review(words[1]);
    else if (mode == "wait" && words.size() == 3)
        hold_crowd(SampleAgent(std::make_shared<PostgresStorage>(words[1]), holding_policy()), std::stoi(words[2]));
    else if (mode == "calls" && words.size() == 3)
        call(words[1]);
    else if (mode == "bare-calls" && words.size() == 3)
        write_bare(words[1], std::stoi(words[2]));
    else {
        std::cerr
            << "usage: approvekit-bench-postgres-peer review RECORD, wait RECORD COUNT, or calls|bare-calls RECORD "
               "NUMBER\n";
        return 2;
    }
    return 0;
}

}  // namespace
}  // namespace approvekit::bench

int main(int count, char** words) {
    try {
        return approvekit::bench::run({words + 1, words + count});
    } catch (const std::exception& error) {
        std::cerr << "approvekit-bench-postgres-peer: " << error.what() << '\n';
        return 1;
    }
}
