#include "fault_scenarios.hpp"
#include "faulty_memory.hpp"
#include "thoroughness.hpp"

using namespace approvekit::testing;

TEST_CASE("G4 G13 H35 memory runs out at any of SQLite's requests for it") {
    const auto& scenario = GENERATE(std::cref(held), std::cref(allowed), std::cref(opening)).get();
    const bool lasting = GENERATE(false, true);
    // Neighbouring requests belong to the same step, so a sample is as good as all of them.
    const int step = distance(is_sanitized ? 89 : 17);
    FaultyMemory memory;
    Trouble trouble;
    trouble.lasting = lasting;
    trouble.end = [&] { return memory.disarm(); };
    trouble.stay = [&] { memory.arm(1, true); };
    int nth = 1;
    do {
        trouble.text = "request " + std::to_string(nth) + (lasting ? " and all after it" : "");
        trouble.begin = [&, nth] { memory.arm(nth, lasting); };
        nth += step;
    } while (survives(scenario, trouble));
    CHECK(nth > 2 * step);  // some SQLite versions make fewer than a hundred requests
}
