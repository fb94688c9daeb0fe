#include "bench_server.hpp"
#include "measures.hpp"
#include "peer_process.hpp"

#include <algorithm>
#include <array>
#include <list>

namespace approvekit::bench {
namespace {

constexpr int processes = 8;

/// Processes that all do the same, and how much they do together in a second.
class ProcessGroup {
public:
    ProcessGroup(const std::string& mode, const std::string& record) {
        for (int process = 0; process < processes; ++process)
            peers_.emplace_back(mode, record, process);
        for (PeerProcess& peer : peers_)
            peer.answer();
    }

    double per_second(std::chrono::milliseconds period) {
        for (PeerProcess& peer : peers_)
            peer.tell(std::to_string(period.count()));
        double calls = 0;
        for (PeerProcess& peer : peers_)
            calls += std::stod(peer.answer());
        return calls / std::chrono::duration<double>(period).count();
    }

private:
    std::list<PeerProcess> peers_;
};

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

Figure per_second(const std::string& what, double value) {
    return {.what = what, .value = value, .unit = Unit::count};
}

}  // namespace

void measure_server_processes(const Setting& setting, Report& report) {
    constexpr std::array lanes{1, 2, 4, 8};
    const BenchServer server(setting.disk);
    ProcessGroup bare("bare-calls", server.new_record("bare", 1));
    std::list<ProcessGroup> ours;
    for (const int count : lanes)
        ours.emplace_back("calls", server.new_record("lanes_" + std::to_string(count), count));
    const std::chrono::milliseconds period{1000};
    std::vector<double> bare_figures;
    std::array<std::vector<double>, lanes.size()> figures;
    for (int round = 0; round < setting.rounds(10, 3); ++round) {
        bare_figures.push_back(bare.per_second(period));
        std::size_t index = 0;
        for (ProcessGroup& group : ours)
            figures.at(index++).push_back(group.per_second(period));
    }
    const double of_bare = median_of(bare_figures);
    report.add(per_second("8 processes x 8 calls a commit, bare libpq: calls a second", of_bare));
    double best = 0;
    for (std::size_t index = 0; index < lanes.size(); ++index) {
        const double of_ours = median_of(figures.at(index));
        best = std::max(best, of_ours);
        report.add(per_second("8 processes x 8 threads, lanes: " + std::to_string(lanes.at(index)) + ": calls a second",
                              of_ours));
    }
    report.add({.what = "8 processes x 8 threads, with the best lanes / bare libpq",
                .value = best / of_bare,
                .goal = at_least(0.8)});
}

}  // namespace approvekit::bench
