#include "long_audit.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"
#include "web_process.hpp"

#include <array>
#include <mutex>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

constexpr int stream_count = 64;
constexpr int client_count = 4;
constexpr std::chrono::milliseconds time_between_changes{50};

std::vector<testing::RawClient> open_streams(const WebProcess& web) {
    std::vector<testing::RawClient> streams;
    for (int i = 0; i < stream_count; ++i) {
        streams.push_back(web.connect());
        streams.back().send(web.request_for("/api/events"));
        if (streams.back().read_until("\n\n").empty()) throw std::runtime_error("a stream was not opened");
    }
    return streams;
}

/// Asks for what a page asks for when something changed, again and again.
Samples ask_until(const std::stop_token& stop, const WebProcess& web) {
    constexpr std::array paths{"/api/requests", "/api/audit"};
    Samples samples;
    auto client = web.connect();
    for (std::size_t round = 0; !stop.stop_requested(); ++round) {
        samples.time([&] { web.get(client, paths.at(round % paths.size())); });
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return samples;
}

/// Makes requests that come and go, so that every stream has something to report.
void make_changes(const SampleAgent& agent, std::chrono::seconds period) {
    for (const auto end = Clock::now() + period; Clock::now() < end;) {
        PendingCall call = agent.kit.submit(tool_name, sample_arguments());
        std::this_thread::sleep_for(time_between_changes);
        call.cancel();
    }
}

}  // namespace

void measure_streams(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.disk);
    make_long_audit(directory / "agent.db", 1000);
    const SampleAgent agent(directory / "agent.db", holding_policy());
    const WebProcess web(directory / "agent.db");
    const auto streams = open_streams(web);
    Samples samples;
    std::mutex mutex;
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < client_count; ++i) {
            clients.emplace_back([&](const std::stop_token& stop) {
                const Samples own = ask_until(stop, web);
                const std::lock_guard lock(mutex);
                samples.add(own);
            });
        }
        make_changes(agent, std::chrono::seconds{setting.rounds(10, 3)});
    }
    report.add(duration("API with 64 event streams and 4 clients, p99", samples.quantile(0.99), samples,
                        std::chrono::milliseconds{10}));
}

}  // namespace approvekit::bench
