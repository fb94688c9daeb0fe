#include "bare_database.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

#include <atomic>
#include <barrier>
#include <mutex>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

constexpr int thread_count = 64;

/// How often `work` is done in a second by all threads, and how long each time took.
struct Throughput {
    double per_second = 0;
    Samples samples;
};

template <typename Work>
Throughput run_threads(std::chrono::milliseconds period, const Work& work) {
    std::atomic<bool> stop = false;
    std::barrier start(thread_count + 1);
    std::vector<Samples> samples(thread_count);
    std::vector<std::jthread> threads;
    for (Samples& own : samples) {
        threads.emplace_back([&start, &stop, &own, &work] {
            start.arrive_and_wait();
            while (!stop)
                own.time(work);
        });
    }
    start.arrive_and_wait();
    const auto begin = Clock::now();
    std::this_thread::sleep_for(period);
    stop = true;
    threads.clear();
    Throughput result;
    const std::chrono::duration<double> elapsed = Clock::now() - begin;
    for (const Samples& own : samples)
        result.samples.add(own);
    result.per_second = static_cast<double>(result.samples.size()) / elapsed.count();
    return result;
}

}  // namespace

void measure_threads(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.disk);
    const SampleAgent agent(directory / "ours.db", allowing_policy());
    BareCalls bare(directory / "bare.db", Durability::full);
    std::mutex mutex;
    Comparison comparison;
    double ours_per_second = 0;
    double bare_per_second = 0;
    const std::chrono::milliseconds period{500};
    for (int round = 0; round < setting.rounds(8, 3); ++round) {
        const Throughput ours = run_threads(period, [&] { agent.call(); });
        const Throughput theirs = run_threads(period, [&] {
            const std::lock_guard lock(mutex);
            bare.write_one();
        });
        ours_per_second += ours.per_second;
        bare_per_second += theirs.per_second;
        comparison.ours.add(ours.samples);
        comparison.bare.add(theirs.samples);
    }
    report.add({.what = "64 threads, durable: calls a second / bare with a mutex",
                .value = ours_per_second / bare_per_second,
                .goal = at_least(3),  // with a log a commit is cheap, so sharing one gains less
                .ours = comparison.ours,
                .bare = comparison.bare});
}

}  // namespace approvekit::bench
