// Commits that are reported as failed but may have happened: what was not acknowledged has no effect.
#include "record/ledger.hpp"

#include "approvekit/error.hpp"
#include "approvekit/limit_use.hpp"
#include "memory/memory_storage.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/settable_clock.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

using namespace approvekit;
using Commit = memory::Database::Commit;

namespace {

struct Failing {
    [[nodiscard]] ApprovalRequest approved() {
        const ApprovalRequest request = held_request(*clock);
        agent->submit(request);
        reviewer.decide(decision_on(request, Verdict::approve));
        return request;
    }
    [[nodiscard]] std::string claim(Storage& by, const ApprovalRequest& request) {
        return by.claim({request.id, request.view_digest, {}});
    }
    void fail_claim(Storage& by, const ApprovalRequest& request, Commit commit) {
        database->fail_next_commit(commit);
        CHECK_THROWS_AS(static_cast<void>(claim(by, request)), StorageError);
    }

    void finish(const std::string& entry_id, const std::string& request_id) {
        agent->finish({.entry_id = entry_id,
                       .request_id = request_id,
                       .tool_name = "t",
                       .state = RunState::executed,
                       .note = {}});
    }

    std::shared_ptr<testing::SettableClock> clock = std::make_shared<testing::SettableClock>();
    std::shared_ptr<memory::Database> database =
        std::make_shared<memory::Database>(memory::Database::Options{.clock = clock, .attempts = 1});
    std::unique_ptr<memory::MemoryStorage> agent = std::make_unique<memory::MemoryStorage>(database);
    memory::MemoryStorage reviewer{database};
};

}  // namespace

TEST_CASE("G3 G13 a start whose commit was reported as failed is taken back, whether it happened or not") {
    const Commit commit = GENERATE(Commit::lost, Commit::kept);
    Failing record;
    const ApprovalRequest request = record.approved();
    record.fail_claim(*record.agent, request, commit);
    record.agent->flush();
    CHECK(record.reviewer.find(request.id)->run == RunState::none);
    CHECK(audit_events(record.reviewer) == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK(record.reviewer.verify_audit().intact());
}

TEST_CASE("what starts under a limit outlasts the loss of power, whatever the record is opened with") {
    Failing record;
    LimitUse use;
    use.limit = "payments";
    use.most = 1;
    use.per = std::chrono::hours(1);
    SECTION("a claim") {
        const ApprovalRequest request = record.approved();
        static_cast<void>(record.agent->claim({request.id, request.view_digest, {}, nullptr, false, "test", {}, &use}));
    }
    SECTION("a call that the policy allows") {
        static_cast<void>(record.agent->record_intent({"t", "{}", "{}", "auto", "test", &use}));
    }
    CHECK(record.database->writes_for_good() == 1);
    static_cast<void>(record.agent->record_intent({"t", "{}", "{}", "auto", "test"}));
    CHECK(record.database->writes_for_good() == 1);
}

TEST_CASE("G3 what starts under a key outlasts the loss of power, whatever the record is opened with") {
    Failing record;
    KeyedCall call;
    call.key = "k-1";
    call.tool_name = "t";
    SECTION("a claim") {
        const ApprovalRequest request = record.approved();
        static_cast<void>(record.agent->claim({request.id, request.view_digest, {}, nullptr, true}));
    }
    SECTION("a call that the policy allows") {
        static_cast<void>(record.agent->record_intent({"t", "{}", "{}", "auto"}, call));
    }
    CHECK(record.database->writes_for_good() == 1);
    const ApprovalRequest request = record.approved();
    static_cast<void>(record.claim(*record.agent, request));
    static_cast<void>(record.agent->record_intent({"t", "{}", "{}", "auto"}));
    CHECK(record.database->writes_for_good() == 1);
}

TEST_CASE("G3 G13 a claim that failed takes back no start but its own") {
    Failing record;
    const ApprovalRequest request = record.approved();
    memory::MemoryStorage twin(record.database);
    SECTION("it came second, and was refused in what it could not record") {
        static_cast<void>(record.claim(*record.agent, request));
        record.clock->pass(std::chrono::microseconds(1));
        record.fail_claim(twin, request, GENERATE(Commit::lost, Commit::kept));
    }
    SECTION("it came first, was lost, and another one started the call since") {
        record.fail_claim(twin, request, Commit::lost);
        record.clock->pass(std::chrono::microseconds(1));
        static_cast<void>(record.claim(*record.agent, request));
    }
    twin.flush();
    CHECK(record.reviewer.find(request.id)->run == RunState::running);
}

TEST_CASE("G4 G13 an intent or a request whose commit was reported as failed does not stand") {
    const Commit commit = GENERATE(Commit::lost, Commit::kept);
    Failing record;
    const ApprovalRequest request = held_request(*record.clock);
    record.database->fail_next_commit(commit);
    SECTION("an intent") {
        CHECK_THROWS_AS(static_cast<void>(record.agent->record_intent({"t", "{}", "{}", ""})), StorageError);
    }
    SECTION("a request") {
        // The session comes first, and its commit would be the one that fails. So it is created before.
        record.database->fail_next_commit(Commit::lost);
        CHECK_THROWS_AS(record.agent->record_denial({"t", "{}", "{}", ""}), StorageError);
        record.agent->record_denial({"t", "{}", "{}", ""});
        record.database->fail_next_commit(commit);
        CHECK_THROWS_AS(record.agent->submit(request), StorageError);
    }
    record.agent->flush();
    CHECK(record.reviewer.list({}).requests.empty());
    for (const AuditEntry& entry : record.reviewer.audit({}).entries)
        CHECK(entry.decision != AuditEvent::approved);
    CHECK(record.reviewer.verify_audit().intact());
}

TEST_CASE("G13 an outcome whose commit was reported as failed is on record once") {
    const Commit commit = GENERATE(Commit::lost, Commit::kept);
    Failing record;
    const ApprovalRequest request = record.approved();
    record.agent->finish({.entry_id = record.claim(*record.agent, request),
                          .request_id = request.id,
                          .tool_name = request.tool_name,
                          .state = RunState::executed,
                          .note = {}});
    record.database->fail_next_commit(commit);
    CHECK_THROWS_AS(record.agent->flush(), StorageError);
    record.agent->flush();
    CHECK(audit_events(record.reviewer) == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    CHECK(record.reviewer.verify_audit().intact());
}

TEST_CASE("G13 an agent that was taken for dead goes on, and what others recorded in its place stands") {
    Failing record;
    const ApprovalRequest request = record.approved();
    const std::string started = record.claim(*record.agent, request);
    const std::string allowed = record.agent->record_intent({"t", "{}", "{}", ""});
    record.agent->stop_showing_life();
    record.reviewer.sweep();
    SECTION("its outcomes are the first that it writes") {}
    SECTION("its outcomes come after something else that it wrote") {
        record.agent->record_denial({"t", "{}", "{}", ""});
    }
    record.finish(started, request.id);
    record.finish(allowed, "auto");
    record.agent->flush();
    const auto count = [&](AuditEvent event) {
        const AuditEvents events = audit_events(record.reviewer);
        return std::count(events.begin(), events.end(), event);
    };
    CHECK(record.reviewer.find(request.id)->run == RunState::unknown);
    CHECK(count(AuditEvent::unknown) == 2);
    CHECK(count(AuditEvent::executed) == 0);

    const ApprovalRequest next = record.approved();
    record.reviewer.sweep();
    record.finish(record.claim(*record.agent, next), next.id);
    record.finish(record.agent->record_intent({"t", "{}", "{}", ""}), "auto");
    record.agent->flush();
    CHECK(count(AuditEvent::executed) == 2);
    CHECK(record.reviewer.verify_audit().intact());
}

TEST_CASE("G3 a take-over whose commit was reported as failed leaves the request to whoever asks next") {
    const Commit commit = GENERATE(Commit::lost, Commit::kept);
    Failing record;
    KeyedCall call;
    call.key = "k-1";
    call.tool_name = "send_email";
    call.commitments = {{"", "true arguments"}};
    call.is_same = [](const ApprovalRequest&) { return true; };
    const ApprovalRequest request = held_request(*record.clock);
    REQUIRE(record.agent->submit(request, call).kind == KeyedAnswer::Kind::accepted);
    record.agent->die();
    auto next = std::make_unique<memory::MemoryStorage>(record.database);
    next->record_denial({"rm", "{}", "{}", "denied by policy"});  // so that it is not its session that fails
    record.database->fail_next_commit(commit);
    CHECK_THROWS_AS(static_cast<void>(next->submit(held_request(*record.clock), call)), StorageError);
    next->flush();
    CHECK(record.reviewer.find(request.id).value().status == ApprovalStatus::pending);
    CHECK(next->submit(held_request(*record.clock), call).kind == KeyedAnswer::Kind::taken_over);
    CHECK(record.reviewer.verify_audit().intact());
}

TEST_CASE("G3 G4 an intent with a key whose commit was reported as failed did not start, and may be asked again") {
    const Commit commit = GENERATE(Commit::lost, Commit::kept);
    Failing record;
    KeyedCall call;
    call.key = "k-1";
    call.tool_name = "t";
    const Intent intent{"t", "{}", "{}", "auto-approved by policy"};
    record.agent->record_denial(intent);
    record.database->fail_next_commit(commit);
    CHECK_THROWS_AS(static_cast<void>(record.agent->record_intent(intent, call)), StorageError);
    CHECK(record.agent->record_intent(intent, call).kind == KeyedAnswer::Kind::accepted);
    CHECK(record.reviewer.verify_audit().intact());
}
