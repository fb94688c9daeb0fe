#include "long_audit.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"
#include "web_process.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace approvekit::bench {
namespace {

/// How much memory the process currently uses.
double resident_megabytes(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string word; status >> word;) {
        long kilobytes = 0;
        if (word == "VmRSS:" && status >> kilobytes) return static_cast<double>(kilobytes) * 1024 / 1e6;
    }
    throw std::runtime_error("the system does not tell what memory a process uses");
}

void measure_start(const Setting& setting, const std::filesystem::path& database, Report& report) {
    Samples samples;
    for (int round = 0; round < setting.rounds(50, 10); ++round) {
        samples.time([&] {
            const WebProcess web(database);
            auto client = web.connect();
            web.get(client, "/api/health");
        });
    }
    report.add(duration("approvekit-web: start to first answer, p50", samples.median(), samples,
                        std::chrono::milliseconds{30}));
}

void measure_memory(const std::filesystem::path& database, Report& report) {
    constexpr std::array paths{"/", "/api/requests", "/api/audit", "/api/audit?limit=200"};
    const WebProcess web(database);
    auto client = web.connect();
    for (std::size_t round = 0; round < 1000; ++round)
        web.get(client, paths.at(round % paths.size()));
    report.add({.what = "approvekit-web: memory after 1,000 answers, 100,000 entries",
                .value = resident_megabytes(web.id()),
                .unit = Unit::megabytes,
                .goal = at_most(20)});
}

void measure_size(const std::filesystem::path& directory, Report& report) {
    const auto stripped = directory / "approvekit-web";
    if (testing::run({"strip", "-o", stripped.string(), APPROVEKIT_WEB}).exit_code != 0) {
        throw std::runtime_error("strip does not work here");
    }
    report.add({.what = "approvekit-web: size, stripped",
                .value = static_cast<double>(std::filesystem::file_size(stripped)) / 1e6,
                .unit = Unit::megabytes,
                .goal = at_most(3)});
}

}  // namespace

void measure_server(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.disk);
    const auto database = directory / "agent.db";
    make_long_audit(database, 100'000);
    measure_start(setting, database, report);
    measure_memory(database, report);
    measure_size(directory.path(), report);
}

}  // namespace approvekit::bench
