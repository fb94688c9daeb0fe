// The life of a call, at every place where it can turn another way. Each test looks at the record too.
#include "record/transitions.hpp"

#include "approvekit/error.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/audit_events.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/scratch_database.hpp"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;

namespace {

/// A wall clock that can be set, and one beside it that only runs.
class SettableClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return now_; }
    [[nodiscard]] std::chrono::microseconds since_boot() const override { return since_boot_; }

    void pass(std::chrono::seconds time) {
        now_ += time;
        since_boot_ += time;
    }
    void set_back(std::chrono::seconds time) { now_ -= time; }

private:
    Time now_{std::chrono::days(20'000)};
    std::chrono::microseconds since_boot_{std::chrono::hours(1)};
};

/// An agent's storage with a request that waits.
struct Agent : ScratchDatabase {
    std::shared_ptr<SettableClock> clock = std::make_shared<SettableClock>();
    std::unique_ptr<SqliteStorage> storage = open();
    ApprovalRequest request = submitted();

    [[nodiscard]] std::unique_ptr<SqliteStorage> open() const {
        SqliteStorage::Options options;
        options.clock = clock;
        options.sharing = Sharing::open;
        return std::make_unique<SqliteStorage>(path, options);
    }

    [[nodiscard]] ApprovalRequest submitted() const {
        const ApprovalRequest held = held_request(*clock);
        storage->submit(held);
        return held;
    }

    void approve() const { storage->decide(decision_on(request, Verdict::approve)); }
    [[nodiscard]] std::string claim() const { return storage->claim({request.id, request.view_digest, {}}); }

    [[nodiscard]] ApprovalRequest found() const { return *storage->find(request.id); }

    [[nodiscard]] AuditEvents events() const { return audit_events(*storage); }
};

}  // namespace

TEST_CASE("what is done to a request that is not there is refused") {
    const Agent agent;
    ApprovalRequest other = agent.request;
    other.id = "no such id";
    CHECK(error_code_of([&] { agent.storage->decide(decision_on(other, Verdict::approve)); }) == ErrorCode::not_found);
    CHECK(agent.events().empty());
    CHECK(error_code_of([&] { static_cast<void>(agent.storage->claim({other.id, "", {}})); }) == ErrorCode::altered);
    CHECK(error_code_of([&] { agent.storage->end(other.id, ApprovalStatus::cancelled, "x"); }) == ErrorCode::altered);
    CHECK(agent.events() == AuditEvents{AuditEvent::refused, AuditEvent::refused});
}

TEST_CASE("G1 G9 what another program wrote into the row stands, and is told as the work of an unknown") {
    struct Written {
        const char* status;
        ErrorCode later;
        AuditEvent event;
        bool is_decision;
    };
    const auto written = GENERATE(values<Written>({
        {"approved", ErrorCode::already_decided, AuditEvent::approved, true},
        {"rejected", ErrorCode::already_decided, AuditEvent::rejected, true},
        {"timeout", ErrorCode::expired, AuditEvent::timeout, false},
        {"cancelled", ErrorCode::cancelled, AuditEvent::cancelled, false},
        {"APPROVED", ErrorCode::cancelled, AuditEvent::cancelled, false},
    }));
    CAPTURE(written.status);
    const Agent agent;
    agent.shell(std::string("UPDATE approval_requests SET reviewer_notes = 'by hand', status = '") + written.status +
                "'");
    CHECK(error_code_of([&] { agent.storage->decide(decision_on(agent.request, Verdict::approve)); }) == written.later);
    CHECK(agent.events() == AuditEvents{written.event});
    const auto decision = agent.storage->find_decision(agent.request.id);
    CHECK(decision.has_value() == written.is_decision);
    if (decision) CHECK(decision->reviewer == "unknown");
    if (written.event == AuditEvent::approved) {
        CHECK_FALSE(agent.claim().empty());
    } else {
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::already_decided);
    }
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("G2 an approval counts only for the view that was seen, a rejection always") {
    const Agent agent;
    Decision unseen = decision_on(agent.request, Verdict::approve);
    unseen.view_digest = "of another view";
    CHECK(error_code_of([&] { agent.storage->decide(unseen); }) == ErrorCode::altered);
    CHECK(agent.found().status == ApprovalStatus::pending);
    unseen.verdict = Verdict::reject;
    unseen.notes.clear();
    CHECK(agent.storage->decide(unseen).status == ApprovalStatus::rejected);
    CHECK_FALSE(agent.found().reviewer_notes);
    CHECK(agent.events() == AuditEvents{AuditEvent::rejected});
}

TEST_CASE("G3 what was not approved is not claimed") {
    const Agent agent;
    SECTION("still pending") {
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::altered);
    }
    SECTION("rejected") {
        agent.storage->decide(decision_on(agent.request, Verdict::reject));
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::already_decided);
    }
    SECTION("approved, then made to say rejected") {
        agent.approve();
        agent.shell("UPDATE approval_requests SET status = 'rejected'");
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::altered);
    }
    SECTION("a row that another program added") {
        agent.shell(
            "INSERT INTO approval_requests(id, tool_name, tool_args, status, created_at, metadata) VALUES "
            "('foreign', 't', '{}', 'approved', '2026-01-01T00:00:00.000000', '{}')");
        CHECK(error_code_of([&] {
                  static_cast<void>(agent.storage->claim({"foreign", "", {}}));
              }) == ErrorCode::altered);
    }
    SECTION("approved under another digest than the agent's") {
        agent.approve();
        CHECK(error_code_of([&] {
                  static_cast<void>(agent.storage->claim({agent.request.id, "other", {}}));
              }) == ErrorCode::altered);
    }
    CHECK(agent.found().run == RunState::none);
}

TEST_CASE("G5 the deadline holds on the clock that only runs, whatever the wall clock says") {
    const Agent agent;
    SECTION("for a decision") {
        agent.clock->pass(std::chrono::seconds(60));
        agent.clock->set_back(std::chrono::hours(1));
        CHECK(error_code_of([&] { agent.approve(); }) == ErrorCode::expired);
    }
    SECTION("for a claim") {
        agent.approve();
        agent.clock->pass(std::chrono::seconds(60));
        agent.clock->set_back(std::chrono::hours(1));
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::timeout);
    }
    SECTION("for whoever sweeps") {
        agent.clock->pass(std::chrono::seconds(60));
        agent.clock->set_back(std::chrono::hours(1));
        CHECK(agent.storage->sweep() == 1);
        CHECK(agent.found().status == ApprovalStatus::timeout);
    }
}

TEST_CASE("an end changes what waits and what was not started, and nothing else") {
    const Agent agent;
    const auto end = [&](ApprovalStatus status) {
        return agent.storage->end(agent.request.id, status, "enough").status;
    };
    SECTION("a request that waits") {
        CHECK(end(ApprovalStatus::cancelled) == ApprovalStatus::cancelled);
        CHECK(agent.found().reviewer_notes == "enough");
        CHECK(agent.events() == AuditEvents{AuditEvent::cancelled});
    }
    SECTION("an approval that nobody waits for any more") {
        agent.approve();
        CHECK(end(ApprovalStatus::cancelled) == ApprovalStatus::approved);
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::already_decided);
    }
    SECTION("an approval that was faster than the deadline") {
        agent.approve();
        CHECK(end(ApprovalStatus::timeout) == ApprovalStatus::approved);
        CHECK_FALSE(agent.claim().empty());
    }
    SECTION("a call that runs") {
        agent.approve();
        static_cast<void>(agent.claim());
        CHECK(end(ApprovalStatus::cancelled) == ApprovalStatus::approved);
        CHECK(agent.found().run == RunState::running);
    }
}

TEST_CASE("G6 a sweep ends what is overdue, each in its own way, and only once") {
    const Agent agent;
    SECTION("a request that waits") {
        agent.clock->pass(std::chrono::seconds(60));
        CHECK(agent.storage->sweep() == 1);
        CHECK(agent.events() == AuditEvents{AuditEvent::timeout});
    }
    SECTION("an approval that was not started") {
        agent.approve();
        agent.clock->pass(std::chrono::seconds(60));
        CHECK(agent.storage->sweep() == 1);
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
        CHECK(error_code_of([&] { static_cast<void>(agent.claim()); }) == ErrorCode::timeout);
    }
    SECTION("a rejection that another program wrote") {
        agent.shell("UPDATE approval_requests SET status = 'rejected'");
        agent.clock->pass(std::chrono::seconds(60));
        CHECK(agent.storage->sweep() == 1);
        CHECK(agent.events() == AuditEvents{AuditEvent::rejected});
    }
    SECTION("a row that was removed") {
        agent.shell("DELETE FROM approval_requests");
        agent.clock->pass(std::chrono::seconds(60));
        CHECK(agent.storage->sweep() == 1);
        CHECK(agent.events() == AuditEvents{AuditEvent::refused});
    }
    CHECK(agent.storage->sweep() == 0);
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("G6 G13 an agent that closes its storage leaves nothing open") {
    Agent agent;
    const ApprovalRequest approved = agent.submitted();
    const ApprovalRequest running = agent.submitted();
    const ApprovalRequest removed = agent.submitted();
    for (const ApprovalRequest& request : {approved, running}) {
        agent.storage->decide(decision_on(request, Verdict::approve));
    }
    static_cast<void>(agent.storage->claim({running.id, running.view_digest, {}}));
    agent.shell("DELETE FROM approval_requests WHERE id = '" + removed.id + "'");

    agent.storage.reset();
    agent.storage = agent.open();

    CHECK(agent.found().status == ApprovalStatus::cancelled);
    CHECK(agent.storage->find(approved.id)->run == RunState::none);
    CHECK(agent.storage->find(running.id)->run == RunState::unknown);
    const AuditEvents events = agent.events();
    CHECK(std::count(events.begin(), events.end(), AuditEvent::refused) == 2);
    CHECK(std::count(events.begin(), events.end(), AuditEvent::unknown) == 1);
    CHECK(agent.storage->sweep() == 0);
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("a request tells when its call started and ended, and whose it is") {
    const Agent agent;
    CHECK(agent.found().session == 1);
    agent.approve();
    agent.clock->pass(std::chrono::seconds(1));
    CHECK_FALSE(agent.found().started_at);
    RunOutcome outcome{.entry_id = agent.claim(),
                       .request_id = agent.request.id,
                       .tool_name = agent.request.tool_name,
                       .state = RunState::executed,
                       .note = {}};
    CHECK(agent.found().started_at == agent.clock->now());
    CHECK_FALSE(agent.found().finished_at);
    agent.clock->pass(std::chrono::seconds(2));
    agent.storage->finish(outcome);
    agent.storage->flush();
    CHECK(agent.found().finished_at == agent.clock->now());
    CHECK(agent.storage->list({.status = std::nullopt, .limit = 9, .cursor = {}}).requests.front().finished_at);

    const ApprovalRequest other = agent.submitted();
    agent.storage->decide(decision_on(other, Verdict::reject));
    CHECK_FALSE(agent.storage->find(other.id)->finished_at);
}

TEST_CASE("a page of the audit tells of the sessions that its entries name") {
    Agent agent;
    agent.approve();
    const Time started_at = agent.clock->now();
    static_cast<void>(agent.claim());
    agent.clock->pass(std::chrono::seconds(3));
    auto reviewer = agent.open();
    const auto sessions = [&] { return reviewer->audit({}).sessions; };
    REQUIRE(sessions().size() == 1);
    CHECK(sessions().front().number == 1);
    CHECK(sessions().front().started_at == started_at);
    CHECK_FALSE(sessions().front().ended_at);
    agent.storage.reset();
    CHECK(sessions().front().ended_at == agent.clock->now());
}

TEST_CASE("a run that failed says why, in the request and in the record") {
    const Agent agent;
    agent.approve();
    RunOutcome outcome;
    outcome.entry_id = agent.claim();
    outcome.request_id = agent.request.id;
    outcome.tool_name = agent.request.tool_name;
    outcome.state = RunState::failed;
    outcome.note = "no route to host";
    agent.storage->finish(outcome);
    agent.storage->flush();
    CHECK(agent.found().run == RunState::failed);
    CHECK(agent.found().run_note == "no route to host");
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::failed});
}

TEST_CASE("H80 the time left is told by the clock that runs out first") {
    const Agent agent;
    const auto seconds_left = [&] {
        const RequestPage page = agent.storage->list({});
        const Json found = to_json_view(agent.found());
        CHECK(to_json_view(page.requests.front()).at("seconds_left") == found.at("seconds_left"));
        return found.at("seconds_left");
    };
    agent.clock->pass(std::chrono::seconds(40));
    CHECK(seconds_left() == 20.0);
    agent.clock->set_back(std::chrono::hours(2));
    CHECK(seconds_left() == 20.0);
    agent.clock->set_back(-std::chrono::hours(2) - std::chrono::seconds(5));
    CHECK(seconds_left() == 15.0);
    agent.approve();
    CHECK(to_json_view(agent.found()).at("seconds_left").is_null());
}

TEST_CASE("H82 who decides too late is told what happened, and that nothing runs") {
    const Agent agent;
    const auto told = [&] {
        Decision late = decision_on(agent.request, Verdict::approve);
        late.reviewer = "bob";
        try {
            agent.storage->decide(late);
        } catch (const DecisionError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const std::string name = "request " + agent.request.id;
    const std::string end = "; nothing runs, and the agent has to ask anew";
    SECTION("after its agent gave up") {
        agent.storage->end(agent.request.id, ApprovalStatus::cancelled, "the caller gave up waiting");
        CHECK(told() == name + " was cancelled at 2024-10-04T00:00:00.000000 UTC: the caller gave up waiting" + end);
    }
    SECTION("after the deadline") {
        agent.clock->pass(std::chrono::seconds(60));
        CHECK(told() ==
              name + " ended unanswered at 2024-10-04T00:01:00.000000 UTC: nobody answered by the deadline" + end);
    }
    SECTION("after somebody else") {
        agent.approve();
        CHECK(told() == name + " was already approved by ana (terminal) at 2024-10-04T00:00:00.000000 UTC");
    }
}
