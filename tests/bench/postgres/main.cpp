#include "benchmarks.hpp"
#include "measures.hpp"

#include <array>

namespace approvekit::bench {
namespace {

constexpr std::array benchmarks{
    Benchmark{"calls", measure_server_calls},   Benchmark{"processes", measure_server_processes},
    Benchmark{"resume", measure_server_resume}, Benchmark{"waiting", measure_server_waiting},
    Benchmark{"pages", measure_server_pages},   Benchmark{"pooler", measure_server_pooler},
};

}  // namespace
}  // namespace approvekit::bench

int main(int count, char** words) {
    return approvekit::bench::measure_all("approvekit-bench-postgres",
                                          "Measures ApproveKit on a PostgreSQL server against bare libpq.",
                                          approvekit::bench::benchmarks, count, words);
}
