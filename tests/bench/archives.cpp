#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

#include "approvekit/sqlite_storage.hpp"

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

std::string start_call(Storage& storage, const std::string& arguments) {
    return storage.record_intent(
        {tool_name, arguments, R"({"risk_level":"high"})", "auto-approved by policy", "bench"});
}

/// A record with that many entries of finished calls.
void make_old_record(const std::filesystem::path& path, int entries) {
    SqliteStorage::Options options;
    options.durability = Durability::relaxed;
    SqliteStorage storage(path, options);
    const std::string arguments = canonical_json(sample_arguments());
    std::vector<std::jthread> callers;
    constexpr int threads = 8;
    for (int caller = 0; caller < threads; ++caller) {
        callers.emplace_back([&] {
            for (int call = 0; call < entries / 2 / threads; ++call) {
                const std::string entry = start_call(storage, arguments);
                storage.finish({entry, std::string(auto_request_id), tool_name, RunState::executed, ""});
            }
        });
    }
}

/// How long it took to record each call of an agent while the archive was made.
Samples calls_until(const std::filesystem::path& path, const std::atomic<bool>& is_over) {
    SqliteStorage agent(path);
    const std::string arguments = canonical_json(sample_arguments());
    Samples samples;
    while (!is_over) {
        samples.time([&] { static_cast<void>(start_call(agent, arguments)); });
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return samples;
}

}  // namespace

void measure_archives(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.disk);
    const std::filesystem::path path = directory / "old.db";
    const int entries = setting.rounds(1'000'000, 40'000);
    make_old_record(path, entries);
    std::atomic<bool> is_over = false;
    std::chrono::nanoseconds took{};
    std::exception_ptr failure;
    std::jthread archivist([&] {
        try {
            SqliteStorage storage(path);
            ArchiveOrder order;
            order.before = storage.now();
            order.file = directory / "archive";
            order.reviewer = "bench";
            const auto start = Clock::now();
            static_cast<void>(storage.archive(order));
            took = Clock::now() - start;
        } catch (...) {
            failure = std::current_exception();
        }
        is_over = true;
    });
    const Samples samples = calls_until(path, is_over);
    archivist.join();
    if (failure) std::rethrow_exception(failure);
    report.add(duration("an allowed call while " + std::to_string(entries) + " entries are archived, the longest",
                        samples.quantile(1), samples, std::chrono::milliseconds{100}));
    report.add({.what = "an archived entry, written, checked and removed",
                .value = static_cast<double>(took.count()) / entries,
                .unit = Unit::nanoseconds});
}

}  // namespace approvekit::bench
