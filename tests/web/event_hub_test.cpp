#include "web/event_hub.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

using namespace approvekit;
using namespace approvekit::web;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view unknown_change = "event: change\ndata: {\"request_id\":null,\"status\":null}\n\n";

/// Takes the greeting off a stream, and returns what it says.
std::string greeting_of(const std::shared_ptr<EventStream>& stream) {
    REQUIRE(stream);
    return stream->next().value_or("");
}

/// The position of a client that has read `text`: the last id in it.
std::string place_in(const std::string& text) {
    const auto at = text.rfind("id: ");
    return text.substr(at + 4, text.find('\n', at) - at - 4);
}

std::string without_ids(std::string text) {
    for (auto at = text.find("id: "); at != std::string::npos; at = text.find("id: "))
        text.erase(at, text.find('\n', at) + 1 - at);
    return text;
}

}  // namespace

TEST_CASE("a stream brings its hello, then changes in their order, and heartbeats in between") {
    EventHub hub(4);
    const auto stream = hub.open("noon");
    CHECK(without_ids(greeting_of(stream)) == "event: hello\ndata: {\"now\":\"noon\",\"resumed\":false}\n\n");
    CHECK(stream->next(milliseconds(1)) == ":\n\n");

    hub.on_change({"a", ApprovalStatus::pending});
    hub.on_change({"b", ApprovalStatus::pending});
    hub.on_change({"a", ApprovalStatus::approved});
    CHECK(without_ids(*stream->next()) ==
          "event: change\ndata: {\"request_id\":\"b\",\"status\":\"pending\"}\n\n"
          "event: change\ndata: {\"request_id\":\"a\",\"status\":\"approved\"}\n\n");
}

TEST_CASE("a stream is taken up where it was left, and tells what happened meanwhile, submits included") {
    EventHub hub(4);
    auto stream = hub.open("noon");
    std::string place = place_in(greeting_of(stream));
    hub.on_change({"a", ApprovalStatus::pending});
    place = place_in(*stream->next());
    stream.reset();

    hub.on_change({"a", ApprovalStatus::approved});
    hub.on_change({"b", ApprovalStatus::pending});
    const auto again = hub.open("one", place);
    CHECK(greeting_of(again) == "id: " + place + "\nevent: hello\ndata: {\"now\":\"one\",\"resumed\":true}\n\n");
    CHECK(without_ids(*again->next()) ==
          "event: change\ndata: {\"request_id\":\"a\",\"status\":\"approved\"}\n\n"
          "event: change\ndata: {\"request_id\":\"b\",\"status\":\"pending\"}\n\n");
    CHECK(again->next(milliseconds(1)) == ":\n\n");
}

TEST_CASE("a stream that was cut between hello and what it missed is taken up all the same") {
    EventHub hub(4);
    const std::string place = place_in(greeting_of(hub.open("noon")));
    hub.on_change({"a", ApprovalStatus::pending});
    const std::string hello = greeting_of(hub.open("one", place));
    CHECK(place_in(hello) == place);
    const auto again = hub.open("two", place_in(hello));
    (void)greeting_of(again);
    CHECK(again->next()->find("\"a\"") != std::string::npos);
}

TEST_CASE("H177 a place that this server did not name is told to be unknown, and the stream begins with what is next") {
    EventHub hub(8);
    hub.on_change({"before", ApprovalStatus::pending});
    const std::string own = place_in(greeting_of(hub.open("noon")));
    EventHub other(1);
    const std::string foreign = place_in(greeting_of(other.open("noon")));
    for (const std::string& id : {foreign, std::string(), std::string("1"), own + "0", own + " ", "id: " + own}) {
        CAPTURE(id);
        const auto stream = hub.open("noon", id);
        CHECK(without_ids(greeting_of(stream)) ==
              "event: hello\ndata: {\"now\":\"noon\",\"resumed\":false}\n\n"
              "event: reset\ndata: {\"why\":\"unknown_id\"}\n\n");
        CHECK(stream->next(milliseconds(1)) == ":\n\n");
    }
}

TEST_CASE(
    "H176 a place that is too long ago is told to be, and so is a client that reads more slowly than it happens") {
    EventHub hub(4, 16);
    const auto slow = hub.open("noon");
    const std::string place = place_in(greeting_of(slow));
    for (int number = 0; number < 10'000; ++number)
        hub.on_change({"request " + std::to_string(number), ApprovalStatus::pending});

    CHECK(greeting_of(hub.open("one", place)).ends_with("\n\nevent: reset\ndata: {\"why\":\"too_old\"}\n\n"));
    const std::string text = *slow->next();
    CHECK(without_ids(text) == "event: reset\ndata: {\"why\":\"too_old\"}\n\n");
    CHECK(slow->next(milliseconds(1)) == ":\n\n");
    hub.on_change({"next", ApprovalStatus::pending});
    CHECK(slow->next()->find("\"next\"") != std::string::npos);
    CHECK(hub.open("two", place_in(text))->next()->find("\"resumed\":true") != std::string::npos);
}

TEST_CASE("a change that was missed makes clients look for themselves") {
    EventHub hub(4);
    const auto stream = hub.open("noon");
    (void)greeting_of(stream);
    hub.on_change({"", ApprovalStatus::pending});
    CHECK(without_ids(*stream->next()) == unknown_change);
}

TEST_CASE("once the storage tells of nothing any more, clients look for themselves at every heartbeat") {
    EventHub hub(4);
    const auto before = hub.open("noon");
    const std::string place = place_in(greeting_of(before));
    hub.on_watch_failed("out of descriptors");
    const auto after = hub.open("noon");
    (void)greeting_of(after);
    for (const auto& stream : {before, after}) {
        CHECK(without_ids(*stream->next(milliseconds(1))) == unknown_change);
        CHECK(without_ids(*stream->next(milliseconds(1))) == unknown_change);
    }
    CHECK(greeting_of(hub.open("noon", place)).find("event: reset") != std::string::npos);
}

TEST_CASE("a client that does not read costs a bounded backlog, which it gets in pieces") {
    EventHub hub(4);
    const auto stream = hub.open("noon");
    (void)greeting_of(stream);
    for (int i = 0; i < 4'000; ++i)
        hub.on_change({"request " + std::to_string(i), ApprovalStatus::pending});
    const std::string text = *stream->next();
    CHECK(text.size() < 64 * 1024);
    CHECK(text.find("\"request 0\"") != std::string::npos);
    CHECK(stream->next()->find("\"request 256\"") != std::string::npos);
}

TEST_CASE("an id that would end its event line is kept on it") {
    EventHub hub(4);
    const auto stream = hub.open("noon");
    (void)greeting_of(stream);
    hub.on_change({"a\n\nevent: fake", ApprovalStatus::pending});
    CHECK(without_ids(*stream->next()) ==
          "event: change\ndata: {\"request_id\":\"a\\n\\nevent: fake\",\"status\":\"pending\"}\n\n");
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

TEST_CASE("H185 a stream ends before it tells anything that its listener may not hear any more") {
    EventHub hub(4);
    bool may_listen = true;
    const auto stream = hub.open("noon", std::nullopt, {"ann", [&] { return may_listen; }});
    greeting_of(stream);
    hub.on_change({"a", ApprovalStatus::pending});
    CHECK(stream->next()->find("\"a\"") != std::string::npos);
    CHECK(stream->next(milliseconds(1)) == ":\n\n");
    hub.on_change({"b", ApprovalStatus::pending});
    may_listen = false;
    CHECK_FALSE(stream->next());
}

TEST_CASE("H195 one of several reviewers has half of the streams at most, and one of them always") {
    EventHub hub(4);
    const StreamListener ann{"ann", {}};
    const auto first = hub.open("noon", std::nullopt, ann);
    auto second = hub.open("noon", std::nullopt, ann);
    CHECK_FALSE(hub.open("noon", std::nullopt, ann));
    const auto of_bob = hub.open("noon", std::nullopt, {"bob", {}});
    CHECK(of_bob);
    second.reset();
    CHECK(hub.open("noon", std::nullopt, ann));
    EventHub narrow(1);
    CHECK(narrow.open("noon", std::nullopt, ann));
}
