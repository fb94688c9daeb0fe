#include "support/catch.hpp"
#include "support/web_fixture.hpp"
#include "web/answer.hpp"
#include "web/api_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <string>

using namespace approvekit;
using namespace approvekit::web;
using approvekit::testing::WebFixture;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A call that the policy allowed and that ran.
void run(Storage& storage, const std::string& tool) {
    const std::string entry = storage.record_intent({tool, "{}", "{}", ""});
    storage.finish({entry, std::string(auto_request_id), tool, RunState::executed, ""});
    storage.flush();
}

std::string whole(const Answer& answer) {
    std::string text;
    while (const auto piece = answer.stream->next())
        text += *piece;
    return text;
}

}  // namespace

TEST_CASE("the calls are found by what the query says, one row a call") {
    ApiFixture fixture;
    fixture.reviewer.reject(fixture.storage->add("drop", {{"table", "Customers"}}).id, {.notes = "never"});
    run(*fixture.storage, "read");
    run(*fixture.storage, "read");
    const auto count = [&](const std::string& query) {
        return body_of(fixture.get("/api/calls", query)).at("calls").size();
    };
    CHECK(count("") == 3);
    CHECK(count("fold=true") == 2);
    CHECK(count("tool=drop") == 1);
    CHECK(count("agent=agent") == 1);
    CHECK(count("reviewer=policy") == 2);
    CHECK(count("status=rejected") == 1);
    CHECK(count("risk=high") == 1);
    CHECK(count("text=CUSTOMERS") == 1);
    CHECK(count("since=2999-01-01T00:00:00") == 0);
    CHECK(count("until=1999-01-01T00:00:00.000000") == 0);
    const Json first = body_of(fixture.get("/api/calls", "limit=1"));
    CHECK(first.at("calls").size() == 1);
    CHECK(count("limit=2&cursor=" + first.at("next").get<std::string>()) == 2);
    CHECK(body_of(fixture.get("/api/calls/count")).at("calls") == 3);
    CHECK(body_of(fixture.get("/api/calls/count", "reviewer=policy")).at("calls") == 2);
}

TEST_CASE("a query for calls that is not understood finds nothing and says what is") {
    ApiFixture fixture;
    for (const std::string query : {"status=gone", "since=yesterday", "until=1", "fold=yes", "limit=0", "limit=201",
                                    "cursor=elsewhere", "tool=a&tool=b", "who=ada"}) {
        CAPTURE(query);
        CHECK(fixture.get("/api/calls", query).status == 400);
    }
    CHECK(fixture.get("/api/calls/export", "format=xml").status == 400);
    CHECK(fixture.get("/api/stats", "since=2026").status == 400);
}

TEST_CASE("a call has an address by the place of its decision") {
    ApiFixture fixture;
    run(*fixture.storage, "read");
    const Json call = body_of(fixture.get("/api/calls")).at("calls")[0];
    const std::string place = std::to_string(call.at("decision").at("sequence").get<int>());
    CHECK(body_of(fixture.get("/api/calls/" + place)).at("call") == call);
    for (const std::string other : {"0", "999", "x", "-1", "1x", "99999999999999999999"}) {
        CAPTURE(other);
        CHECK(fixture.get("/api/calls/" + other).status == 404);
    }
}

TEST_CASE("what is filtered is exported whole, as JSON lines or as a table") {
    ApiFixture fixture;
    for (int number = 0; number < 300; ++number)
        run(*fixture.storage, "read");
    fixture.reviewer.reject(fixture.storage->add("drop").id);
    const Answer lines = fixture.get("/api/calls/export", "tool=read");
    CHECK(lines.content_type == "application/jsonl");
    const std::string text = whole(lines);
    CHECK(std::count(text.begin(), text.end(), '\n') == 300);
    CHECK(Json::parse(text.substr(0, text.find('\n'))).at("status") == "executed");
    const Answer table = fixture.get("/api/calls/export", "tool=drop&format=csv");
    CHECK(table.content_type == "text/csv; charset=utf-8");
    CHECK_THAT(whole(table), ContainsSubstring("\"sequence\",\"decided_at\"") && ContainsSubstring("\"drop\""));
    CHECK(whole(fixture.get("/api/calls/export", "tool=none&format=csv")).ends_with("\"id\"\r\n"));
    CHECK(whole(fixture.get("/api/calls/export", "tool=none")).empty());
}

TEST_CASE("an export that finds nothing looks again and again whether it is wanted still") {
    ApiFixture fixture;
    for (int number = 0; number < 3000; ++number)
        run(*fixture.storage, "read");
    const Answer answer = fixture.get("/api/calls/export", "tool=none");
    int pieces = 0;
    while (const auto piece = answer.stream->next()) {
        CHECK(piece->empty());
        ++pieces;
    }
    CHECK(pieces >= 3);
}

TEST_CASE("statistics that nobody waits for any more are not read to their end") {
    ApiFixture fixture;
    for (int number = 0; number < 1000; ++number)
        run(*fixture.storage, "read");
    int looks = 0;
    const auto is_wanted = [&] { return ++looks < 3; };
    const auto ask = [&] {
        return fixture.api.answer({find_route("/api/stats"), "GET", "", "", std::nullopt, fixture.caller, is_wanted});
    };
    CHECK(code_of(ask()) == "cancelled");
    CHECK(looks == 3);
    CHECK(body_of(fixture.get("/api/stats")).at("days")[0].at("allowed") == 1000);
}

TEST_CASE("an export that fails in its middle is cut off, so that it does not pass for the whole") {
    WebFixture fixture;
    // More than the system accepts before the client reads it.
    const std::string arguments = Json({{"text", std::string(10'000, 'x')}}).dump();
    for (int number = 0; number < 2000; ++number)
        static_cast<void>(fixture.storage->record_intent({"read", arguments, "{}", ""}));
    testing::RawClient client(fixture.server.port(), 4096);
    REQUIRE(client.send(fixture.get_text("/api/calls/export", fixture.bearer())));
    CHECK_THAT(client.read_until("\"approved\""), ContainsSubstring("200 OK"));
    fixture.storage->fail_with(ErrorCode::storage_io);
    const std::string rest = client.read_to_end();
    CHECK_FALSE(rest.ends_with("0\r\n\r\n"));
}

TEST_CASE("the statistics are those of the terminal, and are told again for a moment") {
    ApiFixture fixture;
    fixture.reviewer.approve(fixture.storage->add("pay").id, {.shown = Shown::in_part});
    const Json first = body_of(fixture.get("/api/stats"));
    CHECK(first.at("all").at("approved") == 1);
    CHECK(first.at("all").at("approved_unseen") == 1);
    CHECK(first.at("since").is_null());
    CHECK(first.at("now") == to_text(fixture.clock->now()));
    fixture.reviewer.approve(fixture.storage->add("pay").id);
    CHECK(body_of(fixture.get("/api/stats")).at("all").at("approved") == 1);
    CHECK(body_of(fixture.get("/api/stats", "since=2000-01-01T00:00:00")).at("all").at("approved") == 2);
    fixture.clock->advance(RecordStatistics::validity);
    CHECK(body_of(fixture.get("/api/stats")).at("all").at("approved") == 2);
}

TEST_CASE("a view of the page is the page, with a query of its own") {
    ApiFixture fixture;
    CHECK(fixture.get("/history", "tool=read&anything").body == fixture.get("/").body);
    CHECK(fixture.get("/requests/3f2a").content_type == "text/html; charset=utf-8");
    CHECK(fixture.get("/", "tool=read").status == 400);
}

TEST_CASE("hostile words in calls are told as they are") {
    ApiFixture fixture;
    const std::string hostile = "</script><img src=x onerror=alert(1)>\xE2\x80\xAE\x1b[31m";
    run(*fixture.storage, hostile);
    run(*fixture.storage, hostile);
    CHECK(body_of(fixture.get("/api/calls")).at("calls")[0].at("decision").at("tool_name") == hostile);
    CHECK(body_of(fixture.get("/api/calls", "fold=true")).at("calls")[0].at("folded").at("tools")[0].at("tool") ==
          hostile);
}
