// What a storage ends by itself.
#include "record/contract/agent.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

namespace {

/// Remembers which requests it was told ended unanswered.
class TimeoutListener final : public ChangeListener {
public:
    void on_change(const Change& change) noexcept override {
        const std::lock_guard lock(mutex_);
        if (change.status == ApprovalStatus::timeout) ended_.insert(change.request_id);
    }
    void on_watch_failed(const std::string&) noexcept override {}

    [[nodiscard]] bool was_told_of(const ApprovalRequest& request) {
        const std::lock_guard lock(mutex_);
        return ended_.contains(request.id);
    }

private:
    std::mutex mutex_;
    std::set<std::string> ended_;
};

}  // namespace

CONTRACT_TEST("G6 what a dead agent left ends while anybody listens, and so does what is overdue") {
    TestType engine;
    const ApprovalRequest orphan = held_request(*engine.clock);
    engine.in_killed_agent([&](Storage& storage) { storage.submit(orphan); });

    const auto storage = engine.open();
    const auto listener = std::make_shared<TimeoutListener>();
    const auto subscription = storage->subscribe(listener);
    REQUIRE(eventually([&] { return listener->was_told_of(orphan); }));

    const ApprovalRequest late = held_request(*engine.clock);
    storage->submit(late);
    engine.clock->pass(std::chrono::seconds(60));
    REQUIRE(eventually([&] { return listener->was_told_of(late); }));
    CHECK(storage->find(late.id)->reviewer_notes == "nobody answered by the deadline");
    CHECK(storage->find(orphan.id)->reviewer_notes == "the agent that asked is gone");
}
