// Pages of calls continue where the previous one ended, whatever waits for its decision, and read no more than that.

#include "approvekit/recorded_call.hpp"
#include "approvekit/reviewer.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using approvekit::AuditEvent;
using approvekit::CallPage;
using approvekit::CallQuery;
using approvekit::find_calls;
using approvekit::RecordedCall;
using approvekit::Reviewer;
using approvekit::RunState;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

/// Counts the entries that are read.
class CountingStorage final : public FailingStorage {
public:
    using FailingStorage::FailingStorage;

    [[nodiscard]] approvekit::AuditPage audit(const approvekit::AuditQuery& query) override {
        approvekit::AuditPage page = FailingStorage::audit(query);
        entries_read += page.entries.size();
        return page;
    }

    std::size_t entries_read = 0;
};

class CallPagesFixture {
public:
    /// A call that the policy allows, and whose end is not known yet.
    std::string start(const std::string& tool) { return storage->record_intent({tool, "{}", "{}", ""}); }

    void end(const std::string& entry, const std::string& tool) {
        storage->finish({entry, std::string(approvekit::auto_request_id), tool, RunState::executed, ""});
        storage->flush();
    }

    void run(const std::string& tool) { end(start(tool), tool); }

    /// All calls, each page found by the cursor of the previous one.
    [[nodiscard]] std::vector<RecordedCall> in_pages_of(std::size_t limit, CallQuery query = {}) const {
        std::vector<RecordedCall> calls;
        query.limit = limit;
        do {
            CallPage page = find_calls(*storage, query);
            CHECK(page.calls.size() <= limit);
            for (RecordedCall& call : page.calls)
                calls.push_back(std::move(call));
            query.cursor = page.next;
        } while (!query.cursor.empty());
        return calls;
    }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<CountingStorage> storage = std::make_shared<CountingStorage>(clock);
    Reviewer ann{storage, "ann", "terminal"};
};

std::vector<std::string> told(const std::vector<RecordedCall>& calls) {
    std::vector<std::string> lines;
    for (const RecordedCall& call : calls)
        lines.push_back(call.decision.tool_name + " " + std::string(to_string(call.status())));
    return lines;
}

}  // namespace

TEST_CASE("Pages of any size have the same calls as one page, whatever ended long after its start") {
    CallPagesFixture fixture;
    std::vector<std::pair<std::string, std::string>> running;
    for (int number = 0; number < 50; ++number) {
        const std::string tool = "slow_" + std::to_string(number);
        running.emplace_back(fixture.start(tool), tool);
    }
    for (int number = 0; number < 30; ++number)
        fixture.run("quick_" + std::to_string(number));
    for (const auto& [entry, tool] : running)
        fixture.end(entry, tool);
    fixture.run("last");
    const auto whole = told(find_calls(*fixture.storage, {.limit = 200}).calls);
    REQUIRE(whole.size() == 81);
    CHECK(whole.back() == "slow_0 executed");
    for (const std::size_t limit : {1U, 7U, 40U, 80U})
        CHECK(told(fixture.in_pages_of(limit)) == whole);
}

TEST_CASE("A page tells how a call has ended since the page before, and none of the calls since") {
    CallPagesFixture fixture;
    const std::string slow = fixture.start("slow");
    for (int number = 0; number < 5; ++number)
        fixture.run("quick");
    const std::string given = fixture.start("given");
    CallQuery query{.limit = 2};
    const CallPage first = find_calls(*fixture.storage, query);
    CHECK(told(first.calls) == std::vector<std::string>{"given approved", "quick executed"});
    fixture.end(slow, "slow");
    fixture.end(given, "given");
    fixture.run("since");
    query.cursor = first.next;
    query.limit = 50;
    const CallPage rest = find_calls(*fixture.storage, query);
    CHECK(told(rest.calls) == std::vector<std::string>{"quick executed", "quick executed", "quick executed",
                                                       "quick executed", "slow executed"});
    CHECK(rest.next.empty());
}

TEST_CASE("A page reads about as much as it shows, wherever it is in a long record") {
    CallPagesFixture fixture;
    for (int number = 0; number < 2000; ++number)
        fixture.run("read");
    CallQuery query{.limit = 50};
    for (int page = 0; page < 30; ++page) {
        fixture.storage->entries_read = 0;
        query.cursor = find_calls(*fixture.storage, query).next;
        CHECK(fixture.storage->entries_read <= 600);
    }
}

TEST_CASE("A page ends where it has looked at as many entries as it may, and the next one goes on there") {
    CallPagesFixture fixture;
    fixture.run("rare");
    for (int number = 0; number < 1000; ++number)
        fixture.run("read");
    CallQuery query{.tool = "rare", .most_entries = 300};
    int pages = 0;
    CallPage page;
    do {
        page = find_calls(*fixture.storage, query);
        CHECK(page.next.empty() == !page.reached.has_value());
        query.cursor = page.next;
        ++pages;
    } while (page.calls.empty() && !page.next.empty());
    CHECK(told(page.calls) == std::vector<std::string>{"rare executed"});
    CHECK(pages > 5);
    query.cursor.clear();
    CHECK(!count_calls(*fixture.storage, query).next.empty());
}

TEST_CASE("A search from a time on ends a day before it, whatever the record has from before") {
    CallPagesFixture fixture;
    for (int number = 0; number < 1000; ++number)
        fixture.run("old");
    fixture.clock->advance(72h);
    fixture.run("new");
    fixture.storage->entries_read = 0;
    const auto since = fixture.clock->now() - 1h;
    CHECK(told(find_calls(*fixture.storage, {.since = since}).calls) == std::vector<std::string>{"new executed"});
    CHECK(fixture.storage->entries_read <= 200);
}

TEST_CASE("A request that was refused and never decided is a call in its own place") {
    CallPagesFixture fixture;
    const auto gone = fixture.storage->add("gone");
    CHECK_THROWS(fixture.storage->claim({.request_id = gone.id, .view_digest = "another", .verify = {}}));
    fixture.run("after");
    const auto calls = find_calls(*fixture.storage, {}).calls;
    REQUIRE(calls.size() >= 2);
    CHECK(calls[0].decision.tool_name == "after");
    CHECK(calls[1].decision.tool_name == "gone");
    CHECK(told(fixture.in_pages_of(1)) == told(calls));
}

TEST_CASE("However often a request was refused, a page reads each refusal a few times at most") {
    CallPagesFixture fixture;
    const auto rejected = fixture.storage->add("pay");
    fixture.ann.reject(rejected.id);
    for (const std::string& id : {rejected.id, std::string("of-nobody")}) {
        for (int number = 0; number < 1000; ++number)
            CHECK_THROWS(fixture.storage->claim({.request_id = id, .view_digest = "", .verify = {}}));
        fixture.storage->entries_read = 0;
        static_cast<void>(find_calls(*fixture.storage, {.limit = 50}));
        CHECK(fixture.storage->entries_read <= 4000);
    }
}

TEST_CASE("A cursor with places that its reading cannot have passed is refused before anything is read") {
    CallPagesFixture fixture;
    for (int number = 0; number < 10; ++number)
        fixture.run("read");
    fixture.storage->entries_read = 0;
    for (const std::string cursor : {"12.10.x", "5.x.x", "5.10.11", "5.10.4", "5.10.x.11", "5.10.x.4", "x.10.11"}) {
        CAPTURE(cursor);
        CHECK_THROWS_AS(find_calls(*fixture.storage, {.cursor = cursor}), approvekit::Error);
    }
    CHECK(fixture.storage->entries_read == 0);
    for (const std::string cursor : {"11.10.x", "5.10.10", "5.10.5.7", "x.10.x.1"})
        CHECK_NOTHROW(find_calls(*fixture.storage, {.cursor = cursor}));
}

TEST_CASE("A cursor since which more was written than is read again is refused with what to do") {
    // A record in which every place has a vote.
    class EndlessStorage final : public FailingStorage {
    public:
        [[nodiscard]] approvekit::AuditPage audit(const approvekit::AuditQuery& query) override {
            approvekit::AuditPage page;
            std::int64_t place = query.cursor.empty() ? 10'000'000 : std::stoll(query.cursor);
            for (std::size_t entry = 0; entry < query.limit && place > 1; ++entry, ++entries_read) {
                page.entries.emplace_back().decision = AuditEvent::voted;
                page.entries.back().sequence = --place;
            }
            if (place > 1) page.next = std::to_string(place);
            return page;
        }
        std::size_t entries_read = 0;
    };
    EndlessStorage storage;
    CHECK_THROWS_WITH(find_calls(storage, {.cursor = "1.0.x", .most_entries = 1000}),
                      Catch::Matchers::ContainsSubstring("start without one"));
    CHECK(storage.entries_read <= 101'000);
    CHECK_NOTHROW(find_calls(storage, {.cursor = "9950000.9950000.x", .most_entries = 1000}));
}

TEST_CASE("A cursor with places beyond those of any record is refused") {
    CallPagesFixture fixture;
    fixture.run("read");
    for (const std::string cursor :
         {"-9223372036854775808.0.5", "9223372036854775807.0.5", "5.9223372036854775807.x"}) {
        CAPTURE(cursor);
        CHECK_THROWS_AS(find_calls(*fixture.storage, {.cursor = cursor}), approvekit::Error);
    }
}
