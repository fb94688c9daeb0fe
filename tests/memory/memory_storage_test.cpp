#include "memory/memory_storage.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/held_request.hpp"
#include "support/manual_clock.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using approvekit::memory::Database;
using approvekit::memory::MemoryStorage;
using approvekit::testing::ManualClock;

namespace {

struct MemoryFixture {
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<Database> database = std::make_shared<Database>(Database::Options{.clock = clock});

    /// A storage with a request that will end at its next sweep.
    [[nodiscard]] std::unique_ptr<MemoryStorage> open_with_overdue() const {
        auto storage = std::make_unique<MemoryStorage>(database);
        storage->submit(held_request(*clock));
        clock->advance(std::chrono::minutes(2));
        return storage;
    }
};

bool is_dead(MemoryStorage& storage) {
    try {
        static_cast<void>(storage.find(""));
        return false;
    } catch (const StorageError&) {
        return true;
    }
}

/// Does `work` when a request has ended.
class EndListener final : public ChangeListener {
public:
    explicit EndListener(std::function<void()> work) : work_(std::move(work)) {}

    void on_change(const Change& change) noexcept override {
        if (change.status == ApprovalStatus::timeout) work_();
    }
    void on_watch_failed(const std::string&) noexcept override {}

private:
    std::function<void()> work_;
};

}  // namespace

TEST_CASE("A storage in memory is not dead before its sweep has ended") {
    const MemoryFixture fixture;
    const auto storage = fixture.open_with_overdue();
    std::atomic<bool> is_sweeping = false;
    std::atomic<bool> has_swept = false;
    const auto subscription = storage->subscribe(std::make_shared<EndListener>([&] {
        is_sweeping = true;
        has_swept = eventually([&] { return is_dead(*storage); });
    }));
    REQUIRE(eventually([&] { return is_sweeping.load(); }));
    storage->die();
    CHECK(has_swept);
}

TEST_CASE("A storage in memory may die of what its sweep tells") {
    const MemoryFixture fixture;
    const auto storage = fixture.open_with_overdue();
    std::atomic<bool> has_died = false;
    const auto subscription = storage->subscribe(std::make_shared<EndListener>([&] {
        storage->die();
        has_died = true;
    }));
    CHECK(eventually([&] { return has_died.load(); }));
    CHECK(is_dead(*storage));
}
