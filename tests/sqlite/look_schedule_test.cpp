#include "sqlite/look_schedule.hpp"

#include "support/catch.hpp"

#include <chrono>

using namespace approvekit::sqlite;
using namespace std::chrono_literals;

namespace {

using TimePoint = LookSchedule::TimePoint;

const TimePoint start{1h};
constexpr DirectoryWatch::Event ring{.bell = true};
constexpr DirectoryWatch::Event written{.database = true};
constexpr DirectoryWatch::Event commotion{.unrelated = true};

/// A schedule whose first look is done.
LookSchedule settled_schedule() {
    LookSchedule schedule(Pace{}, start);
    schedule.note(Looked::nothing, start);
    return schedule;
}

/// Looks whenever it is due before `end`; returns how often.
int count_looks(LookSchedule& schedule, TimePoint end, Looked looked = Looked::nothing) {
    int looks = 0;
    while (schedule.next() < end) {
        schedule.note(looked, schedule.next());
        ++looks;
    }
    return looks;
}

/// A write every `distance` for `duration`; returns the number of looks.
int count_looks_in_storm(LookSchedule& schedule, TimePoint begin, std::chrono::nanoseconds duration,
                         std::chrono::nanoseconds distance, const DirectoryWatch::Event& event = written) {
    int looks = 0;
    for (auto now = begin; now < begin + duration; now += distance) {
        looks += count_looks(schedule, now);
        if (!schedule.is_merging(now)) schedule.note(event, now);
    }
    return looks;
}

}  // namespace

TEST_CASE("The first look is due at once, and then none without a reason") {
    LookSchedule schedule(Pace{}, start);
    CHECK(schedule.next() == start);
    schedule.note(Looked::changes, start);
    CHECK(schedule.next() == TimePoint::max());
}

TEST_CASE("A ring gets one look at once") {
    auto schedule = settled_schedule();
    schedule.note(ring, start + 1s);
    CHECK(schedule.next() == start + 1s);
    schedule.note(Looked::changes, start + 1s);
    CHECK(schedule.next() == TimePoint::max());
}

TEST_CASE("A write gets a look at once and further ones, since its commit may not be visible yet") {
    auto schedule = settled_schedule();
    schedule.note(written, start);
    CHECK(schedule.next() == start);
    schedule.note(Looked::nothing, start);
    CHECK(schedule.next() == start + 50us);
    schedule.note(Looked::nothing, start + 50us);
    CHECK(schedule.next() == start + 150us);
}

TEST_CASE("While a commit may settle, no two looks are further apart than the longest retry") {
    auto schedule = settled_schedule();
    schedule.note(written, start);
    auto now = start;
    while (now < start + 12ms) {
        schedule.note(Looked::nothing, now);
        CHECK(schedule.next() - now <= 2ms);
        now = schedule.next();
    }
}

TEST_CASE("A commit that waits for a slow disk is found soon in proportion") {
    auto schedule = settled_schedule();
    schedule.note(written, start);
    count_looks(schedule, start + 16ms);
    for (auto now = start + 16ms; now < start + 500ms; now = schedule.next()) {
        schedule.note(Looked::nothing, now);
        CHECK(schedule.next() - now <= (now - start) / 8);
    }
}

TEST_CASE("One write costs at most fifty looks, and none after a poll interval") {
    auto schedule = settled_schedule();
    schedule.note(written, start);
    CHECK(count_looks(schedule, start + 600ms) <= 50);
    CHECK(schedule.next() == TimePoint::max());
}

TEST_CASE("A further write starts the retries over") {
    auto schedule = settled_schedule();
    schedule.note(written, start);
    count_looks(schedule, start + 10ms);
    schedule.note(written, start + 10ms);
    CHECK(schedule.next() == start + 10ms);
    schedule.note(Looked::nothing, start + 10ms);
    CHECK(schedule.next() == start + 10ms + 50us);
}

TEST_CASE("A look that found changes does not end the retries: another write may be the cause of the next") {
    auto schedule = settled_schedule();
    schedule.note(written, start);
    schedule.note(Looked::changes, start);
    CHECK(schedule.next() == start + 50us);
}

TEST_CASE("A look that met a lock is repeated until the lock is gone") {
    auto schedule = settled_schedule();
    schedule.note(ring, start);
    schedule.note(Looked::busy, start);
    CHECK(schedule.next() == start + 50us);
    count_looks(schedule, start + 10s, Looked::busy);
    CHECK(schedule.next() < start + 11s);
}

TEST_CASE("The writes of a single commit are all answered at once") {
    auto schedule = settled_schedule();
    for (int i = 0; i < 10; ++i) {
        const auto now = start + i * 100us;
        schedule.note(written, now);
        CHECK(schedule.next() <= now);
        schedule.note(Looked::nothing, now);
    }
    CHECK_FALSE(schedule.is_merging(start + 1ms));
}

TEST_CASE("Writes that keep coming fast are answered once per merge time") {
    auto schedule = settled_schedule();
    count_looks_in_storm(schedule, start, 1s, 500us);
    const auto looks = count_looks_in_storm(schedule, start + 1s, 10s, 500us);
    CHECK(looks >= 1800);
    CHECK(looks <= 4200);
}

TEST_CASE("Commotion in the directory is merged, and gets no look before") {
    auto schedule = settled_schedule();
    schedule.note(commotion, start);
    CHECK(schedule.next() == TimePoint::max());
    CHECK(count_looks_in_storm(schedule, start, 10s, 500us, commotion) <= 4200);
}

TEST_CASE("A ring is answered at once in the midst of a storm, and the merging goes on") {
    auto schedule = settled_schedule();
    auto now = start;
    for (; !schedule.is_merging(now); now += 500us) {
        count_looks(schedule, now);
        schedule.note(written, now);
    }
    const auto merged = schedule.next();
    schedule.note(ring, now);
    CHECK(schedule.next() == now);
    schedule.note(Looked::changes, now);
    CHECK(schedule.next() == merged);
}

TEST_CASE("A ring that met a lock in the midst of a storm is not put off until the merged look") {
    auto schedule = settled_schedule();
    schedule.note(ring, start);
    schedule.note(Looked::busy, start);
    REQUIRE(schedule.next() == start + 50us);
    for (auto now = start; !schedule.is_merging(now); now += 1us)
        schedule.note(written, now);
    CHECK(schedule.next() <= start + 50us);
}

TEST_CASE("After a storm, its last commit is looked for as after any write, and soon all is as before") {
    auto schedule = settled_schedule();
    count_looks_in_storm(schedule, start, 1s, 500us);
    const auto end = start + 1s;
    CHECK(schedule.next() <= end + 20ms);
    CHECK(count_looks(schedule, end + 40ms) >= 5);
    count_looks(schedule, end + 10s);
    CHECK(schedule.next() == TimePoint::max());
    schedule.note(written, end + 10s);
    CHECK(schedule.next() == end + 10s);
    CHECK_FALSE(schedule.is_merging(end + 10s));
}
