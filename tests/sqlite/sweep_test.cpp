// What a killed agent leaves behind, and who ends it.
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/storage.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <string>

using namespace approvekit;

namespace {

/// Wants to be told, but does nothing about it.
class IdleListener final : public ChangeListener {
public:
    void on_change(const Change&) noexcept override {}
    void on_watch_failed(const std::string&) noexcept override {}
};

}  // namespace

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

TEST_CASE("G6 a storage that hardly ever polls sweeps all the same while anybody listens") {
    const StorageFixture fixture;
    auto options = fixture.options();
    options.poll_interval = std::chrono::hours{1};
    SqliteStorage storage(fixture.path, options);
    const auto subscription = storage.subscribe(std::make_shared<IdleListener>());
    for (int round = 0; round < 2; ++round) {
        const ApprovalRequest late = held_request(*fixture.clock);
        storage.submit(late);
        fixture.clock->advance(std::chrono::minutes{2});
        REQUIRE(eventually([&] { return storage.find(late.id)->status == ApprovalStatus::timeout; }));
    }
}

TEST_CASE("G5 what another program writes into the copy of a request never makes its start window longer") {
    const StorageFixture fixture;
    const auto storage = fixture.open();
    ApprovalRequest request = held_request(*fixture.clock);
    request.metadata[start_within_key] = 10;
    request.view_digest = view_digest(request);
    storage->submit(request);
    fixture.shell(R"(UPDATE approvekit_requests SET metadata = '{"start_within":3600}')");
    storage->decide(decision_on(request, Verdict::approve));
    fixture.clock->advance(std::chrono::seconds{10});
    const auto claim = [&] { static_cast<void>(storage->claim({request.id, request.view_digest, {}})); };
    CHECK(error_code_of(claim) == ErrorCode::timeout);
}
