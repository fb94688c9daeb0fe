// The bell file, with the leases in it, disappears while it is in use.
#include "sqlite/bell.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

using namespace approvekit;
using approvekit::sqlite::Bell;
using approvekit::sqlite::bell_path;

namespace {

std::ptrdiff_t count(Storage& storage, AuditEvent event) {
    const auto events = audit_events(storage);
    return std::count(events.begin(), events.end(), event);
}

}  // namespace

TEST_CASE("H68 a ring makes a bell again that was removed") {
    const TemporaryDirectory directory;
    Bell bell(directory / "a.db");
    std::filesystem::remove(bell_path(directory / "a.db"));
    bell.ring();
    CHECK(std::filesystem::exists(bell_path(directory / "a.db")));
}

TEST_CASE("H68 an agent whose bell is removed is not taken for gone, by who was there and by who comes") {
    const StorageFixture fixture;
    const auto agent = fixture.open();
    const auto early = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    const ApprovalRequest later = held_request(*fixture.clock);
    agent->submit(request);
    std::filesystem::remove(bell_path(fixture.path));
    early->sweep();
    const auto late = fixture.open();
    late->sweep();
    CHECK(agent->find(request.id)->status == ApprovalStatus::pending);
    agent->submit(later);
    for (const auto& asked : {request, later}) {
        CHECK(late->decide(decision_on(asked, Verdict::approve)).status == ApprovalStatus::approved);
        CHECK_NOTHROW(agent->claim({asked.id, asked.view_digest, {}}));
    }
}

TEST_CASE("H68 an agent holds its lease again soon after the bell was removed, and its end is still noticed") {
    const StorageFixture fixture;
    const ApprovalRequest request = held_request(*fixture.clock);
    const auto reviewer = fixture.open();
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const auto storage = fixture.open();
        storage->submit(request);
        std::filesystem::remove(bell_path(fixture.path));
        report(eventually([&] { return std::filesystem::exists(bell_path(fixture.path)); }));
        ForkedChild::linger();
    });
    reviewer->sweep();
    CHECK(reviewer->find(request.id)->status == ApprovalStatus::pending);
    agent.kill();
    agent.wait();
    reviewer->sweep();
    CHECK(reviewer->find(request.id)->status == ApprovalStatus::timeout);
}

TEST_CASE("H68 a run during which the bell is removed ends with one outcome") {
    const StorageFixture fixture;
    const auto agent = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    agent->submit(request);
    static_cast<void>(agent->decide(decision_on(request, Verdict::approve)));
    RunOutcome held{agent->claim({request.id, request.view_digest, {}}), request.id, request.tool_name,
                    RunState::executed, ""};
    RunOutcome allowed{agent->record_intent({"read_file", "{}", "{}", "auto"}), std::string(auto_request_id),
                       "read_file", RunState::executed, ""};
    std::filesystem::remove(bell_path(fixture.path));
    const auto other = fixture.open();
    other->sweep();
    agent->finish(held);
    agent->finish(allowed);
    agent->flush();
    CHECK(count(*agent, AuditEvent::executed) == 2);
    CHECK(count(*agent, AuditEvent::unknown) == 0);
    CHECK(agent->find(request.id)->run == RunState::executed);
}

TEST_CASE("H68 an agent that was ended in its absence goes on, and a run keeps the outcome that others recorded") {
    const StorageFixture fixture;
    const ApprovalRequest later = held_request(*fixture.clock, std::chrono::hours{1});
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const auto storage = fixture.open();
        const std::string entry = storage->record_intent({"read_file", "{}", "{}", "auto"});
        report();
        ::raise(SIGSTOP);
        storage->finish({entry, std::string(auto_request_id), "read_file", RunState::executed, ""});
        storage->submit(later);
        ForkedChild::linger();
    });
    REQUIRE(agent.wait_for_stop());
    std::filesystem::remove(bell_path(fixture.path));
    const auto reviewer = fixture.open();
    reviewer->sweep();
    CHECK(count(*reviewer, AuditEvent::unknown) == 0);
    fixture.clock->advance(std::chrono::seconds{31});
    reviewer->sweep();
    CHECK(count(*reviewer, AuditEvent::unknown) == 1);

    ::kill(agent.pid(), SIGCONT);
    REQUIRE(eventually([&] { return reviewer->find(later.id).has_value(); }));
    reviewer->sweep();
    CHECK(reviewer->find(later.id)->status == ApprovalStatus::pending);
    CHECK(count(*reviewer, AuditEvent::executed) == 0);
    CHECK(count(*reviewer, AuditEvent::unknown) == 1);
}
