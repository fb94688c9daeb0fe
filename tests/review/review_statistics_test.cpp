#include "approvekit/review_statistics.hpp"

#include "approvekit/reviewer.hpp"
#include "review/duration_histogram.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <memory>
#include <string>

using approvekit::Json;
using approvekit::read_statistics;
using approvekit::Reviewer;
using approvekit::ReviewStatistics;
using approvekit::review::DurationHistogram;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

bool is_about(std::chrono::microseconds actual, std::chrono::microseconds expected) {
    return std::chrono::abs(actual - expected) <= expected / 100 + 1us;
}

class StatisticsFixture {
public:
    /// Makes a request, and approves it after that time.
    void approve(const std::string& tool, std::chrono::microseconds after, Reviewer& reviewer) {
        const auto request = storage->add(tool);
        clock->advance(after);
        reviewer.approve(request.id);
    }

    [[nodiscard]] ReviewStatistics read(const approvekit::Period& period = {}) const {
        return read_statistics(*storage, period);
    }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    Reviewer ann{storage, "ann", "terminal"};
    Reviewer bob{storage, "bob", "terminal"};
};

}  // namespace

TEST_CASE("A histogram tells median and p90 within a percent, and zero of nothing") {
    DurationHistogram durations;
    CHECK(durations.quantile(0.5) == 0us);
    for (int i = 1; i <= 100; ++i)
        durations.add(std::chrono::milliseconds(i));
    CHECK(is_about(durations.quantile(0.5), 50ms));
    CHECK(is_about(durations.quantile(0.9), 90ms));
    CHECK(is_about(durations.quantile(1), 100ms));
    DurationHistogram negative;
    negative.add(-5s);
    CHECK(negative.quantile(0.5) == 0us);
}

TEST_CASE("Statistics count by day, tool and reviewer what was asked and what became of it") {
    StatisticsFixture fixture;
    fixture.approve("send", 500ms, fixture.ann);
    fixture.approve("send", 10s, fixture.ann);
    fixture.bob.reject(fixture.storage->add("drop").id);
    fixture.storage->lose_agent(fixture.storage->add("lost").id);
    fixture.storage->sweep();
    (void)fixture.storage->record_intent({"read", "{}", "{}", ""});
    fixture.storage->record_denial({"erase", "{}", "{}", ""});
    const auto second_day = fixture.clock->now() + 24h;
    fixture.clock->advance(24h);
    fixture.approve("send", 20s, fixture.bob);

    const ReviewStatistics statistics = fixture.read();
    REQUIRE(statistics.days.size() == 2);
    CHECK(statistics.days[0].day > statistics.days[1].day);
    CHECK(statistics.days[0].asked == 1);
    const auto& first = statistics.days[1];
    CHECK((first.asked == 4 && first.approved == 2 && first.rejected == 1 && first.timed_out == 1));
    CHECK((first.allowed == 1 && first.denied == 1 && first.cancelled == 0));
    REQUIRE(statistics.tools.size() == 2);
    CHECK(statistics.tools[0].name == "send");
    CHECK(statistics.tools[0].approved == 3);
    CHECK(statistics.tools[0].approved_within_a_second == 1);
    CHECK(is_about(statistics.tools[0].median, 10s));
    CHECK(is_about(statistics.tools[0].p90, 20s));
    REQUIRE(statistics.reviewers.size() == 2);
    CHECK(statistics.reviewers[0].name == "ann");
    CHECK(statistics.reviewers[1].rejected == 1);
    CHECK(fixture.read({.since = second_day, .until = {}}).days.size() == 1);
    CHECK(fixture.read({.since = {}, .until = second_day}).all.approved == 2);
    CHECK(to_json_view(statistics)["all"]["approved_within_a_second"] == 1);
}

TEST_CASE("Statistics name the rules whose requests were all approved, and how the record tells of them") {
    StatisticsFixture fixture;
    auto request = fixture.storage->make("pay");
    request.metadata["matched_rule"] = "rules[1], pay";
    request.view_digest = approvekit::view_digest(request);
    fixture.storage->submit(request);
    fixture.ann.approve(request.id);
    fixture.approve("send", 1s, fixture.ann);
    fixture.approve("send", 1s, fixture.ann);
    fixture.approve("drop", 1s, fixture.ann);
    fixture.ann.reject(fixture.storage->add("drop").id);
    const ReviewStatistics statistics = fixture.read();
    REQUIRE(statistics.never_rejected.size() == 2);
    CHECK(statistics.never_rejected[0].tool == "send");
    CHECK(statistics.never_rejected[0].rule.empty());
    CHECK(statistics.never_rejected[0].asked == 2);
    CHECK(statistics.never_rejected[1].rule == "rules[1], pay");
}

TEST_CASE("Statistics tell no more groups apart than they have room for") {
    StatisticsFixture fixture;
    for (int i = 0; i < 510; ++i)
        fixture.ann.approve(fixture.storage->add("tool_" + std::to_string(i)).id);
    const ReviewStatistics statistics = fixture.read();
    CHECK(statistics.tools.size() == 501);
    CHECK(statistics.tools[0].name == "(others)");
    CHECK(statistics.tools[0].approved == 10);
    CHECK(statistics.never_rejected.size() == 20);
}

TEST_CASE("Statistics count the approvals that say that not all of it was on the screen") {
    using approvekit::Shown;
    StatisticsFixture fixture;
    for (const Shown shown : {Shown::whole, Shown::in_part, Shown::by_id, Shown::not_recorded})
        fixture.ann.approve(fixture.storage->add("send").id, {.shown = shown});
    fixture.bob.reject(fixture.storage->add("send").id, {.shown = Shown::by_id});
    const ReviewStatistics statistics = fixture.read();
    CHECK(statistics.all.approved_unseen == 2);
    CHECK(statistics.tools[0].approved_unseen == 2);
    CHECK(statistics.reviewers[0].approved_unseen == 2);
    CHECK(statistics.reviewers[1].approved_unseen == 0);
    CHECK(to_json_view(statistics)["all"]["approved_unseen"] == 2);
    const auto later = fixture.clock->now() + 1h;
    CHECK(fixture.read({.since = later, .until = {}}).all.approved_unseen == 0);
}
