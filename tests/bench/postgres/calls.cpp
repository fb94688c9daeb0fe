#include "bare_calls.hpp"
#include "bench_server.hpp"
#include "measures.hpp"
#include "sample_call.hpp"

#include "approvekit/postgres_storage.hpp"

#include <stdexcept>

namespace approvekit::bench {
namespace {

/// A counterpart that writes less than we do would make us look worse, and one that writes more would make us look
/// better.
void expect_same_audit(const std::string& ours, const std::string& bare) {
    const double ratio = static_cast<double>(size_of_audit(ours)) / static_cast<double>(size_of_audit(bare));
    if (ratio < 0.9 || ratio > 1.1) throw std::logic_error("the bare counterpart does not write what we write");
}

Comparison compare_on_server(const std::filesystem::path& parent, int blocks, int lanes) {
    constexpr int in_block = 20;
    const BenchServer server(parent);
    const std::string our_record = server.new_record("ours", lanes);
    const std::string bare_record = server.new_record("bare", 1);
    Comparison comparison;
    {
        const SampleAgent agent(std::make_shared<PostgresStorage>(our_record), allowing_policy());
        BareServerCalls bare(bare_record);
        const auto ours = [&] { agent.call(); };
        const auto theirs = [&] { bare.write(); };
        interleave(5, in_block, ours, theirs);
        comparison = interleave(blocks, in_block, ours, theirs);
    }
    expect_same_audit(our_record, bare_record);
    return comparison;
}

}  // namespace

void measure_server_calls(const Setting& setting, Report& report) {
    const int blocks = setting.rounds(100, 25);
    report.add(ratio("auto-approved call on a server / bare libpq, durable", compare_on_server(setting.disk, blocks, 8),
                     at_most(1.25)));
    report.add(ratio("the same in one lane", compare_on_server(setting.disk, blocks, 1)));
    report.add(ratio("the same, server in memory", compare_on_server(setting.memory, blocks, 8)));
}

}  // namespace approvekit::bench
