#include "web/event_hub.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::web;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds at_once(0);

void add(EventLog& log, const std::string& id, ApprovalStatus status = ApprovalStatus::pending) {
    log.add({id, status});
}

/// "1 a, 3 b": the numbers and requests that a reader is told.
std::string told_after(EventLog& log, std::uint64_t number) {
    std::string all;
    for (const auto& event : log.wait_after(number, at_once).events)
        all += (all.empty() ? "" : ", ") + std::to_string(event.number) + " " + event.change.request_id;
    return all;
}

}  // namespace

TEST_CASE("what happens is numbered, and a reader hears what came after any number") {
    EventLog log;
    CHECK(log.last() == 0);
    for (const std::string id : {"a", "b", "c"})
        add(log, id);
    CHECK(log.last() == 3);
    CHECK(told_after(log, 0) == "1 a, 2 b, 3 c");
    CHECK(told_after(log, 2) == "3 c");
    CHECK(told_after(log, 3).empty());
}

TEST_CASE("of a request that changed several times the last change is told, under its own number") {
    EventLog log;
    add(log, "a");
    add(log, "b");
    add(log, "a", ApprovalStatus::approved);
    CHECK(told_after(log, 0) == "2 b, 3 a");
    CHECK(log.wait_after(0, at_once).events.back().change.status == ApprovalStatus::approved);
}

TEST_CASE("a reader that is told a part goes on behind it and misses nothing") {
    EventLog log;
    for (int number = 0; number < 600; ++number)
        add(log, std::to_string(number % 500));
    std::vector<std::string> heard;
    std::uint64_t place = 0;
    while (place < log.last()) {
        const auto news = log.wait_after(place, at_once);
        CHECK(news.events.size() <= EventLog::most_at_once);
        for (const auto& event : news.events)
            heard.push_back(event.change.request_id);
        CHECK(news.last > place);
        place = news.last;
    }
    CHECK(heard.size() == 500);
}

TEST_CASE("H176 however much happens, no more than a bounded memory of it is kept, and who is behind it is told") {
    EventLog log(3);
    for (const std::string id : {"a", "b", "c", "d"})
        add(log, id);
    CHECK(told_after(log, 1) == "2 b, 3 c, 4 d");
    CHECK(log.can_go_on_after(1));
    CHECK_FALSE(log.can_go_on_after(0));
    const auto news = log.wait_after(0, at_once);
    CHECK(news.is_forgotten);
    CHECK(news.events.empty());
    CHECK(news.last == 4);
}

TEST_CASE("H176 an id that is too long to be kept makes readers look at everything") {
    EventLog log;
    add(log, std::string(EventLog::longest_id, 'x'));
    add(log, std::string(EventLog::longest_id + 1, 'x'));
    const auto events = log.wait_after(0, at_once).events;
    REQUIRE(events.size() == 2);
    CHECK(events.front().change.request_id.size() == EventLog::longest_id);
    CHECK(events.back().change.request_id.empty());
}

TEST_CASE("H177 a log knows the places that it has named, and no other text") {
    EventLog log;
    add(log, "a");
    add(log, "b");
    const std::string name = log.id_of(0).substr(0, log.id_of(0).size() - 1);
    CHECK(log.number_of(name + "0") == 0U);
    CHECK(log.number_of(name + "2") == 2U);
    for (const std::string tail : {"", "3", "-1", "+1", "01", "1 ", " 1", "1x", "0x1", "1.0", "1e0",
                                   "18446744073709551616", "1, 1", "\xC2\xB2"}) {
        CAPTURE(tail);
        CHECK_FALSE(log.number_of(name + tail));
    }
    for (const std::string& id : {std::string(), std::string("1"), std::string("-1"), name.substr(0, name.size() - 1),
                                  " " + name + "1", std::string(10'000, '1')}) {
        CAPTURE(id);
        CHECK_FALSE(log.number_of(id));
    }
}

TEST_CASE("H177 the places of another log are not this one's, as after a restart or of another record") {
    EventLog log;
    EventLog other;
    add(log, "a");
    add(other, "a");
    CHECK_FALSE(log.number_of(other.id_of(1)));
    CHECK(log.number_of(log.id_of(1)) == 1U);
}

TEST_CASE("a log that hears of nothing any more says so, and nobody goes on from it") {
    EventLog log;
    add(log, "a");
    log.set_blind();
    const auto news = log.wait_after(1, at_once);
    CHECK(news.is_blind);
    REQUIRE(news.events.size() == 1);
    CHECK(news.events.front().change.request_id.empty());
    CHECK_FALSE(log.can_go_on_after(1));
}
