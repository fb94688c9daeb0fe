#include "web/event_hub.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <thread>

using namespace approvekit;
using namespace approvekit::web;
using std::chrono::milliseconds;

TEST_CASE("a stream brings its hello, then changes in their order, and heartbeats in between") {
    EventHub hub(4);
    const auto stream = hub.open("hello");
    CHECK(stream->next() == "hello");
    CHECK(stream->next(milliseconds(1)) == ":\n\n");

    hub.on_change({"a", ApprovalStatus::pending});
    hub.on_change({"b", ApprovalStatus::pending});
    hub.on_change({"a", ApprovalStatus::approved});
    CHECK(stream->next() ==
          "event: change\ndata: {\"request_id\":\"a\",\"status\":\"approved\"}\n\n"
          "event: change\ndata: {\"request_id\":\"b\",\"status\":\"pending\"}\n\n");
}

TEST_CASE("a change that was missed makes clients look for themselves") {
    EventHub hub(4);
    const auto stream = hub.open("hello");
    CHECK(stream->next() == "hello");
    hub.on_change({"", ApprovalStatus::pending});
    CHECK(stream->next() == "event: change\ndata: {\"request_id\":null,\"status\":null}\n\n");
}

TEST_CASE("once the storage tells of nothing any more, clients look for themselves at every heartbeat") {
    EventHub hub(4);
    const auto before = hub.open("hello");
    hub.on_watch_failed("out of descriptors");
    const auto after = hub.open("hello");
    for (const auto& stream : {before, after}) {
        CHECK(stream->next() == "hello");
        CHECK(stream->next(milliseconds(1))->find("null") != std::string::npos);
        CHECK(stream->next(milliseconds(1))->find("null") != std::string::npos);
    }
}

TEST_CASE("a client that does not read costs a bounded backlog and then looks for itself") {
    EventHub hub(4);
    const auto stream = hub.open("hello");
    CHECK(stream->next() == "hello");
    for (int i = 0; i < 10'000; ++i)
        hub.on_change({"request " + std::to_string(i), ApprovalStatus::pending});
    const std::string text = *stream->next();
    CHECK(text.size() < 64 * 1024);
    CHECK(text.find("{\"request_id\":null,\"status\":null}") != std::string::npos);
}

TEST_CASE("an id that would end its event line is kept on it") {
    EventHub hub(4);
    const auto stream = hub.open("hello");
    CHECK(stream->next() == "hello");
    hub.on_change({"a\n\nevent: fake", ApprovalStatus::pending});
    CHECK(stream->next() == "event: change\ndata: {\"request_id\":\"a\\n\\nevent: fake\",\"status\":\"pending\"}\n\n");
}

TEST_CASE("H14 a hub opens no more streams than allowed, and counts one no longer once it is let go") {
    EventHub hub(2);
    auto first = hub.open("");
    const auto second = hub.open("");
    CHECK_FALSE(hub.open(""));
    first.reset();
    CHECK(hub.open(""));
}

TEST_CASE("closing a hub wakes whoever waits on its streams and opens no more") {
    EventHub hub(2);
    const auto stream = hub.open("");
    CHECK(stream->next());
    std::jthread closing([&] { hub.close(); });
    while (stream->next(std::chrono::seconds(20))) {
    }
    CHECK_FALSE(hub.open(""));
}
