#include "approvekit/reviewer.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"
#include "sync_log.hpp"

#include <optional>

namespace approvekit::bench {
namespace {

constexpr int calls = 20;

std::string describe(const SyncLog::Counts& counts) {
    std::string text;
    for (const auto& [kind, count] : counts) {
        text += (text.empty() ? "" : ", ") + std::to_string(count / calls) + " " + kind;
    }
    return text;
}

void add(Report& report, const std::string& what, const SyncLog::Counts& counts) {
    int total = 0;
    for (const auto& [kind, count] : counts)
        total += count;
    report.add({.what = "syncs of " + what,
                .value = static_cast<double>(total) / calls,
                .unit = Unit::count,
                .note = describe(counts)});
}

template <typename Step>
SyncLog::Counts count(Step&& step) {
    SyncLog::start();
    for (int i = 0; i < calls; ++i)
        step(i);
    return SyncLog::stop();
}

void count_held(const std::filesystem::path& database, Report& report) {
    const SampleAgent agent(database, holding_policy());
    Reviewer reviewer(agent.storage, "ana", "library");
    agent.kit.submit(tool_name, sample_arguments()).cancel();  // the first call also opens the session
    std::vector<PendingCall> pending;
    std::vector<Permit> permits;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    add(report, "a held call: submit",
        count([&](int) { pending.push_back(agent.kit.submit(tool_name, sample_arguments())); }));
    add(report, "a held call: decide", count([&](int i) { reviewer.approve(pending[at(i)].request_id()); }));
    add(report, "a held call: claim", count([&](int i) { permits.push_back(pending[at(i)].wait()); }));
    add(report, "a held call: outcome, rides along", count([&](int i) { permits[at(i)].executed(); }));
}

}  // namespace

void measure_syncs(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.disk);
    {
        const SampleAgent agent(directory / "allowed.db", allowing_policy());
        agent.call();
        add(report, "an auto-approved call", count([&](int) { agent.call(); }));
    }
    count_held(directory / "held.db", report);
}

}  // namespace approvekit::bench
