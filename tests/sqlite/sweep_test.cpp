// What a killed agent leaves behind, and who ends it.
#include "approvekit/error.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <algorithm>
#include <csignal>

using namespace approvekit;

TEST_CASE("G6 H22 a storage at work ends what a killed agent left, without being asked") {
    StorageFixture fixture;
    const ApprovalRequest orphan = held_request(*fixture.clock);
    ForkedChild child([&](const ForkedChild::Report& report) {
        auto agent = fixture.open();
        agent->submit(orphan);
        report();
        ForkedChild::linger();
    });
    auto storage = fixture.open();
    const ApprovalRequest own = held_request(*fixture.clock);
    storage->submit(own);
    child.kill();
    child.wait();
    REQUIRE(eventually([&] { return storage->find(orphan.id)->status == ApprovalStatus::timeout; }));
    REQUIRE(storage->find(own.id)->status == ApprovalStatus::pending);
}
