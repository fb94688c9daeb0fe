#include "sqlite/watcher.hpp"

#include "support/catch.hpp"

#include <chrono>

using namespace approvekit::sqlite;
using namespace std::chrono_literals;

namespace {

using TimePoint = LookSchedule::TimePoint;

const TimePoint beginning{1h};
constexpr DirectoryWatch::Event ring{.bell = true};
constexpr DirectoryWatch::Event written{.database = true};
constexpr DirectoryWatch::Event commotion{.unrelated = true};

/// A schedule whose first look is done.
LookSchedule settled_schedule() {
    LookSchedule schedule(Pace{}, beginning);
    schedule.note(Looked::nothing, beginning);
    return schedule;
}

/// Looks whenever a look is due before `end`. Returns how often.
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
    LookSchedule schedule(Pace{}, beginning);
    CHECK(schedule.next() == beginning);
    schedule.note(Looked::changes, beginning);
    CHECK(schedule.next() == TimePoint::max());
}

TEST_CASE("A ring gets one look at once") {
    auto schedule = settled_schedule();
    schedule.note(ring, beginning + 1s);
    CHECK(schedule.next() == beginning + 1s);
    schedule.note(Looked::changes, beginning + 1s);
    CHECK(schedule.next() == TimePoint::max());
}

TEST_CASE("A write gets a look at once and further ones, since its commit may not be visible yet") {
    auto schedule = settled_schedule();
    schedule.note(written, beginning);
    CHECK(schedule.next() == beginning);
    schedule.note(Looked::nothing, beginning);
    CHECK(schedule.next() == beginning + 50us);
    schedule.note(Looked::nothing, beginning + 50us);
    CHECK(schedule.next() == beginning + 150us);
}

TEST_CASE("While a commit may settle, no two looks are further apart than the longest retry") {
    auto schedule = settled_schedule();
    schedule.note(written, beginning);
    auto now = beginning;
    while (now < beginning + 12ms) {
        schedule.note(Looked::nothing, now);
        CHECK(schedule.next() - now <= 2ms);
        now = schedule.next();
    }
}

TEST_CASE("A commit that waits for a slow disk is found soon in proportion") {
    auto schedule = settled_schedule();
    schedule.note(written, beginning);
    count_looks(schedule, beginning + 16ms);
    for (auto now = beginning + 16ms; now < beginning + 500ms; now = schedule.next()) {
        schedule.note(Looked::nothing, now);
        CHECK(schedule.next() - now <= (now - beginning) / 8);
    }
}

TEST_CASE("One write costs at most fifty looks, and none after a poll interval") {
    auto schedule = settled_schedule();
    schedule.note(written, beginning);
    CHECK(count_looks(schedule, beginning + 600ms) <= 50);
    CHECK(schedule.next() == TimePoint::max());
}

TEST_CASE("A further write starts the retries over") {
    auto schedule = settled_schedule();
    schedule.note(written, beginning);
    count_looks(schedule, beginning + 10ms);
    schedule.note(written, beginning + 10ms);
    CHECK(schedule.next() == beginning + 10ms);
    schedule.note(Looked::nothing, beginning + 10ms);
    CHECK(schedule.next() == beginning + 10ms + 50us);
}

TEST_CASE("A look that found changes does not end the retries: another write may be the cause of the next") {
    auto schedule = settled_schedule();
    schedule.note(written, beginning);
    schedule.note(Looked::changes, beginning);
    CHECK(schedule.next() == beginning + 50us);
}

TEST_CASE("A look that met a lock is repeated until the lock is gone") {
    auto schedule = settled_schedule();
    schedule.note(ring, beginning);
    schedule.note(Looked::busy, beginning);
    CHECK(schedule.next() == beginning + 50us);
    count_looks(schedule, beginning + 10s, Looked::busy);
    CHECK(schedule.next() < beginning + 11s);
}

TEST_CASE("The writes of a single commit are all answered at once") {
    auto schedule = settled_schedule();
    for (int i = 0; i < 10; ++i) {
        const auto now = beginning + i * 100us;
        schedule.note(written, now);
        CHECK(schedule.next() <= now);
        schedule.note(Looked::nothing, now);
    }
    CHECK_FALSE(schedule.is_merging(beginning + 1ms));
}

TEST_CASE("Writes that keep coming fast are answered once per merge time") {
    auto schedule = settled_schedule();
    count_looks_in_storm(schedule, beginning, 1s, 500us);
    const auto looks = count_looks_in_storm(schedule, beginning + 1s, 10s, 500us);
    CHECK(looks >= 1800);
    CHECK(looks <= 4200);
}

TEST_CASE("Commotion in the directory is merged, and gets no look before") {
    auto schedule = settled_schedule();
    schedule.note(commotion, beginning);
    CHECK(schedule.next() == TimePoint::max());
    CHECK(count_looks_in_storm(schedule, beginning, 10s, 500us, commotion) <= 4200);
}

TEST_CASE("A ring is answered at once in the midst of a storm, and the merging goes on") {
    auto schedule = settled_schedule();
    auto now = beginning;
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
    schedule.note(ring, beginning);
    schedule.note(Looked::busy, beginning);
    REQUIRE(schedule.next() == beginning + 50us);
    for (auto now = beginning; !schedule.is_merging(now); now += 1us)
        schedule.note(written, now);
    CHECK(schedule.next() <= beginning + 50us);
}

TEST_CASE("After a storm, its last commit is looked for as after any write, and soon all is as before") {
    auto schedule = settled_schedule();
    count_looks_in_storm(schedule, beginning, 1s, 500us);
    const auto end = beginning + 1s;
    CHECK(schedule.next() <= end + 20ms);
    CHECK(count_looks(schedule, end + 40ms) >= 5);
    count_looks(schedule, end + 10s);
    CHECK(schedule.next() == TimePoint::max());
    schedule.note(written, end + 10s);
    CHECK(schedule.next() == end + 10s);
    CHECK_FALSE(schedule.is_merging(end + 10s));
}
