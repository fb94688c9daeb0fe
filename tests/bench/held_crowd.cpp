#include "held_crowd.hpp"

#include <chrono>
#include <ctime>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

std::chrono::nanoseconds processor_time() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace

void hold_crowd(const SampleAgent& agent, int count) {
    std::vector<PendingCall> calls;
    for (int i = 0; i < count; ++i)
        calls.push_back(agent.kit.submit(tool_name, sample_arguments()));
    std::vector<std::jthread> threads;
    for (PendingCall& call : calls) {
        threads.emplace_back([&call](const std::stop_token& stop) {
            try {
                static_cast<void>(call.wait(stop));
            } catch (const RefusedError&) {
                // Withdrawn at the end.
            }
        });
    }
    std::cout << "waiting" << std::endl;
    for (std::string line; std::getline(std::cin, line);)
        std::cout << processor_time().count() << std::endl;
    for (std::jthread& thread : threads)
        thread.request_stop();
}

}  // namespace approvekit::bench
