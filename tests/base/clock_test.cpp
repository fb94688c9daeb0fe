#include "approvekit/clock.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>

using namespace approvekit;
using namespace std::chrono_literals;

namespace {

constexpr Time moment = std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) + 9h + 5min + 7s + 42us;

}  // namespace

TEST_CASE("a time is written in UTC with microseconds") {
    CHECK(to_text(moment) == "2026-01-31T09:05:07.000042");
    CHECK(to_text(Time()) == "1970-01-01T00:00:00.000000");
    CHECK(to_text(Time(-1us)) == "1969-12-31T23:59:59.999999");
}

TEST_CASE("times outside the years 0 to 9999 are written as the nearest inside") {
    CHECK(to_text(Time::max()) == "9999-12-31T23:59:59.999999");
    CHECK(to_text(Time::min()) == "0000-01-01T00:00:00.000000");
}

TEST_CASE("what to_text writes, parse_time reads") {
    for (const Time time : {moment, Time(), Time(-1us), moment + 951'827'364'554'433us}) {
        CHECK(parse_time(to_text(time)) == time);
    }
}

TEST_CASE("a time of the Python package on the full second lacks its fraction and is read") {
    CHECK(parse_time("2026-01-31T09:05:07") == moment - 42us);
}

TEST_CASE("a leap day is read in leap years only") {
    CHECK(parse_time("2024-02-29T00:00:00.000000"));
    CHECK_FALSE(parse_time("2026-02-29T00:00:00.000000"));
}

TEST_CASE("a text of another form is no time") {
    const std::string text = GENERATE(
        "", "now", "2026-01-31", "2026-01-31 09:05:07.000042", "2026-01-31T09:05:07Z", "2026-01-31T09:05:07.000042Z",
        "2026-01-31T09:05:07.000042+00:00", "2026-01-31T09:05:07.42", "2026-01-31T09:05:07.",
        "2026-01-31T09:05:07,000042", " 2026-01-31T09:05:07.000042", "2026-01-31T09:05:07.000042 ",
        "+026-01-31T09:05:07.000042", "2026-1-31T009:05:07.000042", "2026-01-31T09:05:07.00004x");
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
}

TEST_CASE("a moment that no calendar has is no time") {
    const std::string text =
        GENERATE("2026-00-31T09:05:07.000042", "2026-13-31T09:05:07.000042", "2026-01-00T09:05:07.000042",
                 "2026-04-31T09:05:07.000042", "2026-01-31T24:05:07.000042", "2026-01-31T09:60:07.000042",
                 "2026-01-31T09:05:60.000042");
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
}

TEST_CASE("the machine's clocks run forward") {
    const SystemClock clock;
    const Time now = clock.now();
    const auto since_boot = clock.since_boot();
    CHECK(now > moment - std::chrono::years(10));
    CHECK(since_boot > 0us);
    CHECK(clock.now() >= now);
    CHECK(clock.since_boot() >= since_boot);
}
