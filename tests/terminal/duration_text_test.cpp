#include "terminal/short_text.hpp"

#include "support/catch.hpp"

using approvekit::terminal::duration_text;
using namespace std::chrono_literals;

TEST_CASE("A duration is told in its two largest units") {
    CHECK(duration_text(0s) == "0 s");
    CHECK(duration_text(999ms) == "0 s");
    CHECK(duration_text(59s) == "59 s");
    CHECK(duration_text(60s) == "1 min");
    CHECK(duration_text(125s) == "2 min 5 s");
    CHECK(duration_text(1h + 59s) == "1 h");
    CHECK(duration_text(1h + 4min + 3s) == "1 h 4 min");
    CHECK(duration_text(76h) == "3 d 4 h");
    CHECK(duration_text(-5s) == "0 s");
}
