#include "terminal/waiting_requests.hpp"

#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using approvekit::RequestFeed;
using approvekit::Reviewer;
using approvekit::terminal::WaitingRequests;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

const RequestFeed::News everything{.changes = {}, .look_at_everything = true};

class WaitingFixture {
public:
    void add(int count, const std::string& risk, std::chrono::minutes timeout) {
        for (int index = 0; index < count; ++index) {
            auto request = storage->make("mail");
            request.metadata["risk_level"] = risk;
            request.deadline = request.created_at + timeout;
            request.view_digest = approvekit::view_digest(request);
            storage->submit(request);
            ids.push_back(request.id);
        }
    }

    /// Rejects the most urgent ones.
    void reject(std::size_t count) {
        const auto requests = waiting.in_order(clock->now());
        std::vector<std::string> first;
        for (std::size_t index = 0; index < count; ++index)
            first.push_back(requests[index]->id);
        for (const std::string& id : first) {
            reviewer.reject(id);
            waiting.forget(id);
        }
    }

    [[nodiscard]] std::string overview() const { return waiting.overview(clock->now()); }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    Reviewer reviewer{storage, "ann", "terminal"};
    WaitingRequests waiting{reviewer};
    std::vector<std::string> ids;
};

}  // namespace

TEST_CASE("Of more requests than can be held it is said that there are more, and they come in as others go") {
    WaitingFixture fixture;
    fixture.add(1100, "low", 60min);
    fixture.clock->advance(1min);
    fixture.waiting.follow(everything, fixture.clock->now());
    CHECK(fixture.overview() == "999 or more wait for a decision.");
    fixture.waiting.told();
    fixture.reject(1);
    CHECK(fixture.waiting.follow({}, fixture.clock->now()).empty());
    CHECK(fixture.overview() == "998 or more wait for a decision.");
    fixture.reject(99);
    CHECK(fixture.waiting.follow({}, fixture.clock->now()).empty());
    CHECK(fixture.overview() == "999 or more wait for a decision.");
    fixture.reject(100);
    CHECK(fixture.waiting.follow({}, fixture.clock->now()).empty());
    CHECK(fixture.overview() == "900 wait for a decision.");
}

TEST_CASE("A request that had no room comes in when its end comes near") {
    WaitingFixture fixture;
    fixture.add(1100, "medium", 600min);
    fixture.add(1, "low", 20min);
    fixture.waiting.follow(everything, fixture.clock->now());
    CHECK(fixture.waiting.find(fixture.ids.back()) == nullptr);
    fixture.clock->advance(16min);
    fixture.waiting.follow({}, fixture.clock->now());
    CHECK(fixture.waiting.in_order(fixture.clock->now()).front()->id == fixture.ids.back());
    CHECK(fixture.waiting.size() == WaitingRequests::most);
}

TEST_CASE("News that could not be taken in is made up for the next time, whatever that brings") {
    WaitingFixture fixture;
    fixture.waiting.follow(everything, fixture.clock->now());
    fixture.add(1, "low", 60min);
    fixture.storage->fail_with(approvekit::ErrorCode::storage_busy);
    const RequestFeed::News news{.changes = {{.request_id = fixture.ids.front()}}};
    CHECK_THROWS_AS(fixture.waiting.follow(news, fixture.clock->now()), approvekit::StorageError);
    fixture.storage->fail_with(std::nullopt);
    CHECK(fixture.waiting.follow({}, fixture.clock->now()) == fixture.ids);
    CHECK(fixture.waiting.follow({}, fixture.clock->now()) == fixture.ids);
    fixture.waiting.told();
    CHECK(fixture.waiting.follow({}, fixture.clock->now()).empty());
}
