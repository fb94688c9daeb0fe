#include "bare_database.hpp"
#include "same_size.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

namespace approvekit::bench {
namespace {

Comparison compare(const std::filesystem::path& parent, Durability durability, int blocks, int in_block) {
    const TemporaryDirectory directory(parent);
    Comparison comparison;
    {
        const SampleAgent agent(directory / "ours.db", allowing_policy(), durability);
        BareCalls bare(directory / "bare.db", durability);
        const auto ours = [&] { agent.call(); };
        const auto theirs = [&] { bare.write_one(); };
        interleave(1, in_block, ours, theirs);
        comparison = interleave(blocks, in_block, ours, theirs);
    }
    expect_same_size(directory / "ours.db", directory / "bare.db");
    return comparison;
}

}  // namespace

void measure_auto_approved(const Setting& setting, Report& report) {
    report.add(ratio("auto-approved call / bare INSERT, durable",
                     compare(setting.disk, Durability::full, setting.rounds(100, 25), 20), at_most(1.10)));
    report.add(ratio("the same, relaxed, in memory",
                     compare(setting.memory, Durability::relaxed, setting.rounds(200, 50), 100), at_most(1.30)));
}

}  // namespace approvekit::bench
