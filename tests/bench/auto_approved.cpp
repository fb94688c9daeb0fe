#include "bare_database.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "temporary_directory.hpp"

#include <stdexcept>

namespace approvekit::bench {
namespace {

/// A counterpart that wrote less than we do would flatter it, and one that wrote more would flatter us.
void expect_same_size(const TemporaryDirectory& directory) {
    const auto size = [&](const char* name) {
        return static_cast<double>(std::filesystem::file_size(directory / name));
    };
    const double ratio = size("ours.db") / size("bare.db");
    if (ratio < 0.95 || ratio > 1.05) throw std::logic_error("the bare counterpart does not write what we write");
}

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
    expect_same_size(directory);
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
