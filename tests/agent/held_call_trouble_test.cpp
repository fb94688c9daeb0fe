// A held call whose storage is late or fails while the answer comes: nothing that was said once is lost.
#include "approvekit/approvekit.hpp"

#include "support/catch.hpp"
#include "support/failing_storage.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

using namespace approvekit;

namespace {

/// Returns what was true before something else happened, and can say that changes may have been missed.
class LateStorage final : public approvekit::testing::FailingStorage {
public:
    [[nodiscard]] std::optional<ApprovalRequest> find(std::string_view request_id) override {
        auto found = FailingStorage::find(request_id);
        if (const auto meanwhile = std::exchange(after_find, nullptr)) meanwhile();
        return found;
    }
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override {
        listener_ = listener;
        return FailingStorage::subscribe(std::move(listener));
    }
    void miss_changes() { listener_->on_change({}); }

    std::function<void()> after_find;

private:
    std::shared_ptr<ChangeListener> listener_;
};

struct LateAgent {
    std::shared_ptr<LateStorage> storage = std::make_shared<LateStorage>();
    ApproveKit kit{Policy(), storage};
    PendingCall call = kit.submit("held", Json::object());
};

}  // namespace

TEST_CASE("G2 a listener is called for an answer that comes while it is being installed") {
    LateAgent agent;
    int calls = 0;
    agent.storage->miss_changes();
    agent.storage->after_find = [&] { agent.kit.reject(agent.call.request_id()); };
    agent.call.on_decided([&] { ++calls; });
    CHECK(calls > 0);
    CHECK(agent.call.status() == ApprovalStatus::rejected);
}

TEST_CASE("G2 an answer that cannot be looked up is looked up by whoever asks next") {
    LateAgent agent;
    agent.kit.reject(agent.call.request_id(), {.notes = "no", .reviewer = "ana"});
    REQUIRE(agent.call.ready());
    agent.storage->fail_with(ErrorCode::storage_busy);
    SECTION("by get") {
        CHECK_THROWS_AS(agent.call.wait(), StorageError);
    }
    SECTION("by a wait for a time") {
        CHECK_THROWS_AS(agent.call.wait_until(std::chrono::steady_clock::now()), StorageError);
    }
    agent.storage->fail_with(std::nullopt);
    REQUIRE(agent.call.ready());
    CHECK_THROWS_AS(agent.call.wait(), ApprovalRejectedError);
}

TEST_CASE("G2 an approval whose parent cannot be looked up is not lost") {
    LateAgent agent;
    PendingCall inner = agent.kit.with(Call{.parent = agent.call.request_id()}).submit("held", Json::object());
    agent.kit.approve(inner.request_id());
    agent.storage->fail_with(ErrorCode::storage_busy);
    CHECK_THROWS_AS(inner.wait(), StorageError);
    agent.storage->fail_with(std::nullopt);
    REQUIRE(inner.ready());
    inner.wait().executed();
    CHECK(agent.storage->find(inner.request_id())->status == ApprovalStatus::approved);
}
