#include "commit_clock.hpp"
#include "peer_process.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Long enough for every round of a measurement, while a crowd waits.
constexpr std::chrono::minutes patience{3};

/// From the return of the decision's COMMIT in the other process ...
struct Delays {
    Samples seen;     ///< ... until the waiting thread begins to claim its call
    Samples resumed;  ///< ... until the tool may start: the claim is durable
};

/// Throws what the peer printed if it failed instead of deciding.
Permit wait_for(PendingCall& call, PeerProcess& peer) {
    try {
        return call.wait();
    } catch (const ApprovalTimeoutError&) {
        peer.answer();
        throw;
    }
}

/// `peer` decides the calls that `agent` makes, one after the other.
Delays measure_delays(const SampleAgent& agent, PeerProcess& peer, int rounds) {
    Delays delays;
    for (int round = 0; round < rounds; ++round) {
        PendingCall call = agent.kit.submit(tool_name, sample_arguments());
        peer.tell(call.request_id());
        Permit permit = wait_for(call, peer);
        const auto resumed = Clock::now().time_since_epoch();
        permit.executed();
        const auto committed = peer.answered_time();
        delays.seen.add(CommitClock::last_begin().time_since_epoch() - committed);
        delays.resumed.add(resumed - committed);
    }
    return delays;
}

/// Calls that nobody answers, each awaited by its own thread.
class Crowd {
public:
    Crowd(const SampleAgent& agent, int count) {
        for (int i = 0; i < count; ++i)
            calls_.push_back(agent.kit.submit(tool_name, sample_arguments()));
        for (PendingCall& call : calls_) {
            threads_.emplace_back([&call](const std::stop_token& stop) {
                try {
                    static_cast<void>(call.wait(stop));
                } catch (const RefusedError&) {
                    // Withdrawn at the end.
                }
            });
        }
    }
    ~Crowd() {
        for (std::jthread& thread : threads_)
            thread.request_stop();
    }

private:
    std::vector<PendingCall> calls_;
    std::vector<std::jthread> threads_;
};

Delays decided_by(const char* peer_mode, const std::filesystem::path& parent, Durability durability, int crowd_size,
                  int rounds, Sharing sharing = Sharing::closed) {
    const TemporaryDirectory directory(parent);
    const CommitClock clock;
    const SampleAgent agent(directory / "agent.db", holding_policy(patience), durability, sharing);
    const Crowd crowd(agent, crowd_size);
    PeerProcess peer(peer_mode, directory / "agent.db");
    measure_delays(agent, peer, 5);
    return measure_delays(agent, peer, rounds);
}

void add(Report& report, const std::string& what, const Samples& samples, std::optional<microseconds> median_limit,
         std::optional<microseconds> tail_limit) {
    report.add(duration(what + ", p50", samples.median(), samples, median_limit));
    report.add(duration(what + ", p99", samples.quantile(0.99), samples, tail_limit));
}

}  // namespace

void measure_resume(const Setting& setting, Report& report) {
    const int rounds = setting.rounds(500, 150);
    const Delays own = decided_by("review", setting.disk, Durability::full, 0, rounds);
    add(report, "decision elsewhere to resumed call, durable", own.seen, microseconds{200}, microseconds{1000});
    add(report, "  and its claim, which is a durable commit too", own.resumed, {}, {});
    if (has_journal()) {
        const Delays journaled = decided_by("review", setting.disk, Durability::full, 0, rounds, Sharing::open);
        report.add(ratio("  the same / with a rollback journal", {own.resumed, journaled.resumed}, at_most(0.5)));
    }

    const Delays in_memory = decided_by("review", setting.memory, Durability::relaxed, 0, rounds);
    add(report, "decision elsewhere to resumed and claimed, in memory", in_memory.resumed, microseconds{200},
        microseconds{1000});

    const Delays foreign =
        decided_by("write-row", setting.disk, Durability::full, 0, setting.rounds(200, 50), Sharing::open);
    add(report, "the same, decided by a foreign program", foreign.seen, {}, milliseconds{3});

    const Delays crowded =
        decided_by("review", setting.memory, Durability::relaxed, setting.rounds(10000, 2000), rounds);
    add(report, "the same, with " + std::string(setting.quick ? "2,000" : "10,000") + " calls pending", crowded.resumed,
        {}, microseconds{1000});
}

}  // namespace approvekit::bench
