#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/web_fixture.hpp"

#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;
using std::chrono::milliseconds;

namespace {

RawClient open_stream(const WebFixture& fixture) {
    RawClient client = fixture.connect();
    const auto head = client.ask(fixture.get_text("/api/events", fixture.bearer()));
    REQUIRE(head.status == 200);
    CHECK(head.headers.at("content-type") == "text/event-stream");
    CHECK(client.read_until("\n\n").find("\nevent: hello\ndata: {\"now\":\"20") != std::string::npos);
    return client;
}

}  // namespace

TEST_CASE("an event stream says hello and then tells of every change") {
    const WebFixture fixture;
    RawClient client = open_stream(fixture);

    const auto asked = fixture.storage->add("wire");
    CHECK(client.read_until("\n\n").find("event: change\ndata: {\"request_id\":\"" + asked.id +
                                         "\",\"status\":\"pending\"}") != std::string::npos);
    REQUIRE(fixture.post("/api/requests/" + asked.id + "/reject", "{}").status == 200);
    CHECK(client.read_until("\n\n").find("\"status\":\"rejected\"") != std::string::npos);
}

TEST_CASE("a request whose agent has died ends within seconds and streams hear of it") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    RawClient client = open_stream(fixture);
    const auto start = std::chrono::steady_clock::now();

    fixture.storage->lose_agent(asked.id);

    CHECK(client.read_until("\"timeout\"}\n\n").find(asked.id) != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("H14 with 64 event streams open the API answers as ever and one stream more gets 503") {
    const WebFixture fixture;
    std::vector<RawClient> streams;
    for (int i = 0; i < 64; ++i)
        streams.push_back(open_stream(fixture));

    const auto one_more = fixture.get("/api/events");
    CHECK(one_more.status == 503);
    CHECK(code_of(one_more) == "too_many_streams");
    RawClient client = fixture.connect();
    const auto time = calmest_median_time(milliseconds(200), 101, [&] {
        REQUIRE(client.ask(fixture.get_text("/api/requests", fixture.bearer())).status == 200);
    });
    CHECK(time < milliseconds(200));
}

TEST_CASE("H14 silent clients do not push streams out") {
    const WebFixture fixture;
    RawClient stream = open_stream(fixture);
    std::vector<RawClient> silent;
    for (int i = 0; i < 400; ++i)
        silent.push_back(fixture.connect());

    const auto asked = fixture.storage->add("wire");
    CHECK(stream.read_until(asked.id).ends_with(asked.id));
}

TEST_CASE("a stream whose client has gone makes room for another within seconds") {
    web::Settings settings = WebFixture::usual_settings();
    settings.maximum_streams = 1;
    const WebFixture fixture(settings);
    open_stream(fixture).close();
    CHECK(eventually([&] {
        RawClient client = fixture.connect();
        return client.ask(fixture.get_text("/api/events", fixture.bearer())).status == 200;
    }));
}

TEST_CASE("stopping the server ends its streams and half-sent requests at once") {
    auto fixture = std::make_unique<WebFixture>();
    RawClient stream = open_stream(*fixture);
    RawClient silent = fixture->connect();
    silent.send("GET /");
    const auto start = std::chrono::steady_clock::now();
    fixture.reset();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(8));  // half a request may take ten
    stream.read_to_end();
    silent.read_to_end();
}

TEST_CASE("a stream that broke off is taken up by its Last-Event-ID, and tells of what was asked meanwhile") {
    const WebFixture fixture;
    RawClient client = open_stream(fixture);
    fixture.storage->add("before");
    const std::string heard = client.read_until("\"pending\"}\n\n");
    const auto start = heard.find("id: ") + 4;
    const std::string id = heard.substr(start, heard.find('\n', start) - start);
    client.close();
    const auto asked = fixture.storage->add("meanwhile");

    RawClient again = fixture.connect();
    const std::string last = "Last-Event-ID: " + id + "\r\n";
    const auto head = again.ask(fixture.get_text("/api/events", fixture.bearer() + last));
    REQUIRE(head.status == 200);
    CHECK(head.headers.at("x-accel-buffering") == "no");
    CHECK(again.read_until("\n\n").find("\"resumed\":true") != std::string::npos);
    CHECK(again.read_until("\"pending\"}\n\n").find(asked.id) != std::string::npos);
}

TEST_CASE("H177 a Last-Event-ID of another start, an empty, a repeated or a malformed one begins anew and says so") {
    const WebFixture fixture;
    const std::string place = "0123456789abcdef-1";
    for (const std::string& sent :
         {"Last-Event-ID: " + place, std::string("Last-Event-ID:"), std::string("Last-Event-ID: 1\r\nLast-Event-ID: 1"),
          std::string("last-event-id: -1"), "Last-Event-ID: " + std::string(4'000, '9'),
          std::string("Last-Event-ID: a\tevent: change")}) {
        CAPTURE(sent);
        RawClient client = fixture.connect();
        REQUIRE(client.ask(fixture.get_text("/api/events", fixture.bearer() + sent + "\r\n")).status == 200);
        CHECK(client.read_until("\n\n").find("\"resumed\":false") != std::string::npos);
        CHECK(client.read_until("\n\n").find("event: reset\ndata: {\"why\":\"unknown_id\"}") != std::string::npos);
    }
    RawClient client = fixture.connect();
    CHECK(client.ask(fixture.get_text("/api/events", "Last-Event-ID: " + place + "\r\n")).status == 401);
}
