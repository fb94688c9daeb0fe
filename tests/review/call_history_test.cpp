#include "review/call_history.hpp"

#include "approvekit/reviewer.hpp"
#include "review/call_export.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace approvekit;
using approvekit::review::find_history;
using approvekit::review::HistoryPage;
using approvekit::review::HistoryRow;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

struct HistoryFixture {
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    Reviewer ann{storage, "ann", "terminal"};

    void run(const std::string& tool, RunState state = RunState::executed) {
        const std::string entry = storage->record_intent({tool, "{}", "{}", ""});
        storage->finish({entry, std::string(auto_request_id), tool, state, ""});
        storage->flush();
    }

    /// "tool", or "3 calls" for those that are shown as one.
    [[nodiscard]] std::vector<std::string> rows(const CallQuery& query = {}) const {
        std::vector<std::string> lines;
        for (const HistoryRow& row : find_history(*storage, query).rows)
            lines.push_back(row.folded ? std::to_string(row.folded->calls) + " calls" : row.call.decision.tool_name);
        return lines;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("Calls in a row that the policy allowed and that ran are one row, and no others") {
    HistoryFixture fixture;
    fixture.run("first");
    fixture.ann.reject(fixture.storage->add("asked").id);
    fixture.run("read");
    fixture.run("list");
    fixture.run("read");
    fixture.run("broken", RunState::failed);
    fixture.run("read");
    CHECK(fixture.rows() == Lines{"read", "broken", "3 calls", "asked", "first"});
    const HistoryPage page = find_history(*fixture.storage, {});
    const Json folded = to_json_view(page.rows[2]).at("folded");
    CHECK(folded.at("tools") == Json::parse(R"([{"tool": "read", "calls": 2}, {"tool": "list", "calls": 1}])"));
    CHECK(to_json_view(page.rows[0]).at("status") == "executed");
}

TEST_CASE("The calls of a row are found by its cursor") {
    HistoryFixture fixture;
    for (int number = 0; number < 5; ++number)
        fixture.run("read_" + std::to_string(number));
    fixture.ann.reject(fixture.storage->add("asked").id);
    const HistoryPage page = find_history(*fixture.storage, {});
    REQUIRE(page.rows.size() == 2);
    fixture.run("since");
    const CallPage calls =
        find_calls(*fixture.storage, {.limit = page.rows[1].folded->calls, .cursor = page.rows[1].folded->cursor});
    REQUIRE(calls.calls.size() == 5);
    CHECK(calls.calls[0].decision.tool_name == "read_4");
    CHECK(calls.calls[4].decision.tool_name == "read_0");
}

TEST_CASE("A page has as many rows as it may, and the next begins behind them") {
    HistoryFixture fixture;
    for (int number = 0; number < 4; ++number) {
        fixture.run("read");
        fixture.run("read");
        fixture.ann.reject(fixture.storage->add("asked_" + std::to_string(number)).id);
    }
    const HistoryPage first = find_history(*fixture.storage, {.limit = 2});
    CHECK(fixture.rows({.limit = 2}) == Lines{"asked_3", "2 calls"});
    CHECK(fixture.rows({.limit = 3, .cursor = first.next}) == Lines{"asked_2", "2 calls", "asked_1"});
}

TEST_CASE("Of many tools in a row the most called are named") {
    HistoryFixture fixture;
    for (int number = 0; number < 9; ++number)
        fixture.run("tool_" + std::to_string(number));
    fixture.run("tool_7");
    const HistoryPage page = find_history(*fixture.storage, {});
    REQUIRE(page.rows.size() == 1);
    CHECK(page.rows[0].folded->tools.size() == review::most_named_tools);
    CHECK(page.rows[0].folded->tools[0] == std::pair<std::string, std::size_t>("tool_7", 2));
}

TEST_CASE("A call is one line of an export, whatever its words") {
    HistoryFixture fixture;
    fixture.ann.reject(fixture.storage->add("=pay", {{"to", "a\r\nb\"c"}}).id, {.notes = "no\r\n\x1b[2J"});
    const auto calls = find_calls(*fixture.storage, {}).calls;
    const std::string row = review::call_row(calls.at(0));
    CHECK(row.ends_with("\r\n"));
    CHECK(row.find_first_of("\r\n\x1b") == row.size() - 2);
    CHECK_THAT(row, ContainsSubstring("\"'=pay\"") && ContainsSubstring("\"ann\"") && ContainsSubstring("\"high\""));
    const std::string header = review::call_header();
    CHECK(std::count(header.begin(), header.end(), ',') == 15);
    const std::string line = review::call_line(calls.at(0));
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(Json::parse(line) == to_json_view(calls.at(0)));
}
