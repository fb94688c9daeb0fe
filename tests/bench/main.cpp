#include "benchmarks.hpp"

#include <array>

namespace approvekit::bench {
namespace {

constexpr std::array benchmarks{
    Benchmark{"auto-approved", measure_auto_approved},
    Benchmark{"held", measure_held},
    Benchmark{"context", measure_context},
    Benchmark{"threads", measure_threads},
    Benchmark{"resume", measure_resume},
    Benchmark{"waiting", measure_waiting},
    Benchmark{"tickets", measure_tickets},
    Benchmark{"policy", measure_policy},
    Benchmark{"pages", measure_pages},
    Benchmark{"archives", measure_archives},
    Benchmark{"streams", measure_streams},
    Benchmark{"server", measure_server},
    Benchmark{"compiler", measure_compiler},
    Benchmark{"syncs", measure_syncs},
    Benchmark{"checks", measure_checks},
};

}  // namespace
}  // namespace approvekit::bench

int main(int count, char** words) {
    return approvekit::bench::measure_all("approvekit-bench",
                                          "Measures ApproveKit against the bare operations beneath it.",
                                          approvekit::bench::benchmarks, count, words);
}
