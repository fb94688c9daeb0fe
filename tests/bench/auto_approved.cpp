#include "bare_database.hpp"
#include "same_size.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

namespace approvekit::bench {
namespace {

/// Compares our calls with bare rows, after a first block of each that does not count.
Comparison compare(const SampleAgent& agent, BareCalls& bare, int blocks, int in_block) {
    const auto ours = [&] { agent.call(); };
    const auto theirs = [&] { bare.write_one(); };
    interleave(1, in_block, ours, theirs);
    return interleave(blocks, in_block, ours, theirs);
}

Comparison compare(const std::filesystem::path& parent, Durability durability, int blocks, int in_block) {
    const TemporaryDirectory directory(parent);
    Comparison comparison;
    {
        const SampleAgent agent(directory / "ours.db", allowing_policy(), durability);
        BareCalls bare(directory / "bare.db", durability);
        comparison = compare(agent, bare, blocks, in_block);
    }
    expect_same_size(directory / "ours.db", directory / "bare.db");
    return comparison;
}

Comparison compare_under_limit(const std::filesystem::path& parent, int blocks, int in_block) {
    const TemporaryDirectory directory(parent);
    Comparison comparison;
    {
        const SampleAgent agent(directory / "ours.db", limiting_policy());
        BareCalls bare(directory / "bare.db", Durability::full, BareCalls::Kind::limited);
        comparison = compare(agent, bare, blocks, in_block);
    }
    expect_same_size(directory / "ours.db", directory / "bare.db");
    return comparison;
}

/// The file with the bare rows also has the request with which the calls were granted.
Comparison compare_by_grant(const std::filesystem::path& parent, int blocks, int in_block) {
    const TemporaryDirectory directory(parent);
    const SampleAgent agent(directory / "ours.db", granting_policy());
    agent.grant();
    BareCalls bare(directory / "bare.db", Durability::full, BareCalls::Kind::granted);
    return compare(agent, bare, blocks, in_block);
}

/// Measures the gain of one sync instead of five.
Comparison compare_with_journal(const std::filesystem::path& parent, int blocks) {
    const TemporaryDirectory directory(parent);
    const SampleAgent logged(directory / "closed.db", allowing_policy());
    const SampleAgent journaled(directory / "open.db", allowing_policy(), Durability::full, Sharing::open);
    const auto one = [](const SampleAgent& agent) { return [&] { agent.call(); }; };
    constexpr int in_block = 20;
    interleave(1, in_block, one(logged), one(journaled));
    return interleave(blocks, in_block, one(logged), one(journaled));
}

}  // namespace

void measure_auto_approved(const Setting& setting, Report& report) {
    report.add(ratio("auto-approved call / bare INSERT, durable",
                     compare(setting.disk, Durability::full, setting.rounds(100, 25), 20), at_most(1.20)));
    report.add(ratio("auto-approved call under a limit / bare INSERT, durable",
                     compare_under_limit(setting.disk, setting.rounds(100, 25), 20), at_most(1.15)));
    report.add(ratio("call allowed by a grant / bare INSERT, durable",
                     compare_by_grant(setting.disk, setting.rounds(100, 25), 20), at_most(1.15)));
    if (has_journal()) {
        report.add(ratio("auto-approved call / the same with a rollback journal, durable",
                         compare_with_journal(setting.disk, setting.rounds(100, 25)), at_most(0.45)));
    }
    report.add(ratio("the same, relaxed, in memory",
                     compare(setting.memory, Durability::relaxed, setting.rounds(200, 50), 100), at_most(1.30, 1.84)));
}

}  // namespace approvekit::bench
