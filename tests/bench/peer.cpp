// The other process of a measurement: a reviewer, a foreign program, or an agent whose calls wait.

#include "approvekit/reviewer.hpp"
#include "bare_database.hpp"
#include "commit_clock.hpp"
#include "held_crowd.hpp"
#include "sample_call.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

/// Long enough for a caller to have fallen asleep while it waits for its request.
constexpr std::chrono::milliseconds time_to_settle{3};

/// Nobody types faster. Faster writes without a ring are a storm, which is answered more slowly on purpose.
constexpr std::chrono::milliseconds time_to_type{150};

void say(Clock::time_point when) {
    std::cout << when.time_since_epoch().count() << std::endl;
}

/// Approves each request whose id it reads, as a reviewer does, and prints when its COMMIT returned.
void review(const std::string& database) {
    const CommitClock clock;
    Reviewer reviewer(std::make_shared<SqliteStorage>(database), "ana", "library");
    for (std::string id; std::getline(std::cin, id);) {
        std::this_thread::sleep_for(time_to_settle);
        reviewer.approve(id);
        say(CommitClock::last_commit());
    }
}

/// Does the same as a program that does not know us, such as the sqlite3 shell.
void write_row(const std::string& path) {
    BareDatabase database(path);
    for (std::string id; std::getline(std::cin, id);) {
        std::this_thread::sleep_for(time_to_type);
        database.run(
            "UPDATE approval_requests SET status = 'approved', reviewed_at = "
            "strftime('%Y-%m-%dT%H:%M:%f+00:00') WHERE id = '" +
            id + "'");
        say(Clock::now());
    }
}

void wait(const std::string& database, int count) {
    hold_crowd(SampleAgent(database, holding_policy(), Durability::relaxed), count);
}

/// Makes only auto-approved calls, for a profiler.
void call(const std::string& database, int count) {
    const SampleAgent agent(database, allowing_policy(), Durability::relaxed);
    for (int i = 0; i < count; ++i)
        agent.call();
}

int run(const std::vector<std::string>& words) {
    const std::string mode = words.empty() ? "" : words.front();
    if (mode == "review" && words.size() == 2)
        review(words[1]);
    else if (mode == "write-row" && words.size() == 2)
        write_row(words[1]);
    else if (mode == "wait" && words.size() == 3)
        wait(words[1], std::stoi(words[2]));
    else if (mode == "call" && words.size() == 3)
        call(words[1], std::stoi(words[2]));
    else {
        std::cerr << "usage: approvekit-bench-peer review|write-row DATABASE, or wait|call DATABASE COUNT\n";
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
        std::cerr << "approvekit-bench-peer: " << error.what() << '\n';
        return 1;
    }
}
