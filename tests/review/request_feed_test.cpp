// What a reader of changes is told if it has no time for each of them at once.
#include "approvekit/request_feed.hpp"

#include "review/change_queue.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/held_request.hpp"

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using approvekit::review::ChangeQueue;
using approvekit::testing::FailingStorage;

namespace {

using Changes = std::vector<std::pair<std::string, ApprovalStatus>>;

Changes changes_in(const RequestFeed::News& news) {
    Changes changes;
    for (const Change& change : news.changes)
        changes.emplace_back(change.request_id, change.status);
    return changes;
}

RequestFeed::News taken_from(ChangeQueue& queue) {
    return queue.take(0ms, {});
}

}  // namespace

TEST_CASE("The first news of a feed is to look at everything, and then each request that changes") {
    FailingStorage storage;
    RequestFeed feed(storage);
    CHECK(feed.wait(20s).look_at_everything);
    CHECK(feed.wait(0ms).empty());
    const ApprovalRequest first = storage.add("first");
    const ApprovalRequest second = storage.add("second");
    storage.decide(decision_on(first, Verdict::approve));
    const RequestFeed::News news = feed.wait(20s);
    CHECK_FALSE(news.look_at_everything);
    CHECK(changes_in(news) == Changes{{first.id, ApprovalStatus::approved}, {second.id, ApprovalStatus::pending}});
    CHECK(feed.wait(0ms).empty());
}

TEST_CASE("A feed wakes who waits for news, and who is asked to stop") {
    FailingStorage storage;
    RequestFeed feed(storage);
    static_cast<void>(feed.wait(0ms));
    SECTION("news") {
        const std::jthread agent([&] { storage.add("late"); });
        CHECK(feed.wait(20s).changes.size() == 1);
    }
    SECTION("a request to stop") {
        std::stop_source stopping;
        const std::jthread closing([&] { stopping.request_stop(); });
        const auto start = std::chrono::steady_clock::now();
        CHECK(feed.wait(20s, stopping.get_token()).empty());
        CHECK(std::chrono::steady_clock::now() - start < 10s);
    }
}

TEST_CASE("A reader who is late for too many requests is told to look at everything, once") {
    ChangeQueue queue(3);
    const auto change = [&](const std::string& id) { queue.on_change({id, ApprovalStatus::pending}); };
    for (const std::string id : {"a", "b", "c", "a", "b", "c"})
        change(id);
    CHECK(taken_from(queue).changes.size() == 3);
    for (const std::string id : {"a", "b", "c", "d", "e"})
        change(id);
    const RequestFeed::News news = taken_from(queue);
    CHECK(news.look_at_everything);
    CHECK(news.changes.empty());
    CHECK(taken_from(queue).empty());
    change("a");
    CHECK(changes_in(taken_from(queue)) == Changes{{"a", ApprovalStatus::pending}});
}

TEST_CASE("A reader is told to look at everything where changes were missed, and always once none can be told") {
    ChangeQueue queue;
    queue.on_change({"a", ApprovalStatus::pending});
    queue.on_change({});
    queue.on_change({"b", ApprovalStatus::pending});
    CHECK(taken_from(queue).look_at_everything);
    CHECK(taken_from(queue).empty());
    queue.on_watch_failed("out of descriptors");
    CHECK(taken_from(queue).look_at_everything);
    CHECK(taken_from(queue).look_at_everything);
}

TEST_CASE("Who waits is told at once that nothing can be told any more, and of each change that is told all the same") {
    ChangeQueue queue;
    const std::jthread storage([&] { queue.on_watch_failed("out of descriptors"); });
    CHECK(queue.take(std::chrono::milliseconds::max(), {}).look_at_everything);
    queue.on_change({"a", ApprovalStatus::approved});
    CHECK(changes_in(taken_from(queue)) == Changes{{"a", ApprovalStatus::approved}});
}
