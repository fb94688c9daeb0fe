#include "web/api.hpp"

#include "support/broken_disk.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <cerrno>
#include <chrono>
#include <memory>

using namespace approvekit;
using approvekit::web::RecordHealth;

TEST_CASE("health is bad while a disk is so full that nothing overdue can be ended") {
    const StorageFixture fixture;
    const auto storage = fixture.open();
    const ApprovalRequest late = held_request(*fixture.clock);
    storage->submit(late);
    RecordHealth health(*storage, *fixture.clock);
    CHECK(health.is_good());
    {
        const UnwritableDisk full(ENOSPC);
        fixture.clock->advance(std::chrono::minutes{2});
        CHECK_FALSE(health.is_good());
    }
    fixture.clock->advance(RecordHealth::period);
    CHECK(health.is_good());
    CHECK(storage->find(late.id)->status == ApprovalStatus::timeout);
}
