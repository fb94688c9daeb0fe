#include "first_pages.hpp"
#include "long_audit.hpp"
#include "peer_process.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"
#include "web_process.hpp"

namespace approvekit::bench {
namespace {

void measure_first_pages(const Setting& setting, const std::filesystem::path& directory, Report& report) {
    const int many = setting.rounds(1'000'000, 100'000);
    make_long_audit(directory / "long.db", many);
    make_long_audit(directory / "short.db", 1000);
    const WebProcess of_long(directory / "long.db");
    const WebProcess of_short(directory / "short.db");
    compare_first_pages(of_long, of_short, "", setting, report);
}

void measure_queue_page(const Setting& setting, const std::filesystem::path& directory, Report& report) {
    PeerProcess agent("wait", directory / "queue.db", 10000);
    agent.answer(std::chrono::minutes{2});
    const WebProcess web(directory / "queue.db");
    auto client = web.connect();
    Samples samples;
    for (int round = 0; round < setting.rounds(500, 100); ++round) {
        samples.time([&] { web.get(client, "/api/requests"); });
    }
    report.add(duration("GET /api/requests at 10,000 pending, p99", samples.quantile(0.99), samples,
                        std::chrono::milliseconds{10}));
}

}  // namespace

void measure_pages(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.memory);
    measure_first_pages(setting, directory.path(), report);
    measure_queue_page(setting, directory.path(), report);
}

}  // namespace approvekit::bench
