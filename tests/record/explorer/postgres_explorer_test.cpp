// A sample of all orders, in a PostgreSQL database.
#include "record/explorer/process_site.hpp"
#include "record/explorer/sample.hpp"

#include <memory>

using namespace approvekit::explorer;

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 G15 G16 G18 a sample of all orders keeps the guarantees, in PostgreSQL") {
    const Setting setting = GENERATE(Setting::alone, Setting::with_votes, Setting::with_stops, Setting::with_limit,
                                     Setting::with_edits, Setting::with_voted_edits);
    walk_sample("Postgres", setting, 8, [](Setting of) { return std::make_unique<PostgresSite>(of); });
}
