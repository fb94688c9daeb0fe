#include "peer_process.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

#include <array>
#include <list>
#include <thread>

namespace approvekit::bench {
namespace {

struct WaitingCalls {
    int size;
    const char* name;
    double limit;  ///< per cent of one processor
};

constexpr std::array crowds{WaitingCalls{1, "1 call", 0.1}, WaitingCalls{1000, "1,000 calls", 0.2},
                            WaitingCalls{10000, "10,000 calls", 0.5}};

}  // namespace

void measure_waiting(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.memory);
    std::list<PeerProcess> peers;
    for (const WaitingCalls& crowd : crowds) {
        PeerProcess& peer = peers.emplace_back("wait", directory / std::to_string(crowd.size), crowd.size);
        peer.answer(std::chrono::minutes{2});
    }
    std::this_thread::sleep_for(std::chrono::seconds{1});
    std::array<std::chrono::nanoseconds, crowds.size()> used{};
    const auto ask_all = [&](int sign) {
        std::size_t index = 0;
        for (PeerProcess& peer : peers) {
            peer.tell("");
            used.at(index++) += sign * peer.answered_time();
        }
    };
    const auto begin = Clock::now();
    ask_all(-1);
    std::this_thread::sleep_for(std::chrono::seconds{setting.rounds(20, 5)});
    ask_all(1);
    const std::chrono::duration<double> elapsed = Clock::now() - begin;
    for (std::size_t index = 0; index < crowds.size(); ++index) {
        const double share = std::chrono::duration<double>(used.at(index)) / elapsed;
        report.add({.what = std::string("processor time with ") + crowds.at(index).name + " pending",
                    .value = 100 * share,
                    .unit = Unit::percent,
                    .goal = at_most(crowds.at(index).limit)});
    }
}

}  // namespace approvekit::bench
