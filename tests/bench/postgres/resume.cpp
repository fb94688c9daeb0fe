#include "bench_server.hpp"
#include "measures.hpp"
#include "peer_process.hpp"
#include "sample_call.hpp"

#include "approvekit/postgres_storage.hpp"

#include <exception>
#include <iostream>

namespace approvekit::bench {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::minutes patience_of_calls{3};

/// Both end when the tool may start, since the claim is durable.
struct ServerDelays {
    Samples from_return;  ///< since the reviewer's approve() returned in the other process
    Samples from_click;   ///< since it was called, so including the decision's own transaction
};

ServerDelays measure_server_delays(const SampleAgent& agent, PeerProcess& peer, int rounds) {
    ServerDelays delays;
    for (int round = 0; round < rounds; ++round) {
        PendingCall call = agent.kit.submit(tool_name, sample_arguments());
        peer.tell(call.request_id());
        Permit permit = call.wait();
        const auto resumed = Clock::now().time_since_epoch();
        permit.executed();
        delays.from_click.add(resumed - peer.answered_time());
        delays.from_return.add(resumed - peer.answered_time());
    }
    return delays;
}

ServerDelays delays_of(const std::string& record, int rounds) {
    const SampleAgent agent(std::make_shared<PostgresStorage>(record), holding_policy(patience_of_calls));
    PeerProcess peer("review", record);
    measure_server_delays(agent, peer, 3);
    return measure_server_delays(agent, peer, rounds);
}

ServerDelays delays_on(const std::filesystem::path& parent, int rounds) {
    const BenchServer server(parent);
    return delays_of(server.new_record("agent"), rounds);
}

void add_delays(Report& report, const std::string& where, const ServerDelays& delays, bool has_goal) {
    const auto goal = [&](int limit) {
        return has_goal ? std::optional<std::chrono::nanoseconds>(milliseconds{limit}) : std::nullopt;
    };
    const std::string what = "decision elsewhere to resumed and claimed call, " + where;
    report.add(duration(what + ", p50", delays.from_return.median(), delays.from_return, goal(1)));
    report.add(duration(what + ", p99", delays.from_return.quantile(0.99), delays.from_return, goal(5)));
    report.add(
        duration("  the same with the decision's own commit, p50", delays.from_click.median(), delays.from_click));
}

/// pgbouncer in transaction mode in front of a server. Ends with this object.
class Pooler {
public:
    explicit Pooler(const BenchServer& server)
        : script_({APPROVEKIT_TESTS_DIRECTORY "/postgres/pooler", "attend", server.connection()}) {
        script_.wait_for_output("\n");
    }
    ~Pooler() {
        try {
            script_.close_input();
            script_.wait();
        } catch (const std::exception& error) {
            std::cerr << error.what() << '\n';
        }
    }
    Pooler(const Pooler&) = delete;
    Pooler& operator=(const Pooler&) = delete;

    /// The address of that database through the pooler.
    [[nodiscard]] std::string through(const std::string& database) const {
        return "postgresql:///" + database + as_parameters(script_.output().substr(0, script_.output().find('\n')));
    }

private:
    testing::ChildProcess script_;
};

}  // namespace

void measure_server_pooler(const Setting& setting, Report& report) {
    const int rounds = setting.rounds(100, 20);
    const BenchServer server(setting.memory);
    const ServerDelays direct = delays_of(server.new_record("direct"), rounds);
    static_cast<void>(server.new_record("pooled"));
    const Pooler pooler(server);
    const ServerDelays pooled = delays_of(pooler.through("pooled"), rounds);
    report.add(ratio("decision to resumed call, behind pgbouncer in transaction mode / without",
                     {pooled.from_return, direct.from_return}));
}

void measure_server_resume(const Setting& setting, Report& report) {
    const int rounds = setting.rounds(500, 150);
    add_delays(report, "server in memory", delays_on(setting.memory, rounds), true);
    add_delays(report, "durable", delays_on(setting.disk, rounds), false);
}

}  // namespace approvekit::bench
