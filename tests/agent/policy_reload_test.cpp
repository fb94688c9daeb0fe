// What happens to an agent's calls when its policy is replaced while it runs.
#include "agent/policy_in_force.hpp"
#include "approvekit/tools.hpp"
#include "support/catch.hpp"
#include "support/forked_child.hpp"
#include "support/guarding_agent.hpp"
#include "support/manual_clock.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

Policy of_rules(const std::string& rules) {
    return Policy::from_yaml_text("rules:\n" + rules);
}

/// An agent that keeps results and remembers what it reported.
struct ReloadedAgent : GuardingAgent {
    std::shared_ptr<std::vector<Event>> events = std::make_shared<std::vector<Event>>();
    ApproveKit reloaded{of_rules("  - {tool: held, require_approval: true, timeout: 30, redact_fields: [pin]}\n"
                                 "  - {tool: free, auto_approve: true, redact_fields: [pin]}\n"),
                        storage, options(events)};

    static ApproveKit::Options options(const std::shared_ptr<std::vector<Event>>& events) {
        ApproveKit::Options options;
        options.on_event = [events](const Event& event) { events->push_back(event); };
        options.record_results = true;
        return options;
    }
    /// Makes a call of "held" that is approved and was not waited for yet.
    [[nodiscard]] PendingCall approved(const Json& arguments, const Call& call = {}) const {
        PendingCall held = reloaded.with(call).submit("held", arguments);
        reloaded.approve(held.request_id());
        return held;
    }
    [[nodiscard]] std::string note() const { return last_entry().reviewer_notes.value_or(""); }
};

void deny_all(const ApproveKit& kit) {
    kit.reload(of_rules("  - {tool: \"*\", deny: \"the accounts are closed\"}\n"));
}

}  // namespace

TEST_CASE("A reloaded policy judges every later call, of all copies and of what they wrapped") {
    const ReloadedAgent agent;
    const auto tool = agent.reloaded.guard("free", {}, [] { return 7; });
    const ApproveKit copy = agent.reloaded;
    CHECK(tool() == 7);
    deny_all(copy);
    CHECK_THROWS_WITH(tool(), ContainsSubstring("the accounts are closed"));
    copy.reload(of_rules("  - {tool: free, auto_approve: true}\n"));
    CHECK(tool() == 7);
    CHECK(agent.reloaded.policy().rules().size() == 1);
}

TEST_CASE("A held call keeps the policy that it was asked under") {
    const ReloadedAgent agent;
    auto ticket =
        agent.reloaded.guard("held", {"pin"}, [](const std::string& pin) { return "it was " + pin; }).submit("4711");
    const auto deadline = ticket.deadline();
    agent.reloaded.reload(of_rules("  - {tool: held, require_approval: true, timeout: 7d, run_timeout: 1}\n"));
    agent.reloaded.approve(ticket.request_id(), {.notes = "with 4711"});
    CHECK(ticket.get() == "it was 4711");
    CHECK(ticket.deadline() == deadline);
    CHECK(agent.note() == "it was [REDACTED]");
    CHECK(agent.storage->find(ticket.request_id())->reviewer_notes == "with [REDACTED]");
    const auto later = agent.reloaded.submit("held", {{"pin", "4711"}}, {}, CanStop::yes);
    CHECK(agent.storage->find(later.request_id())->tool_args.at("pin") == "4711");
}

TEST_CASE("G12 a policy that denies an approved call keeps it from starting, and everybody is told why") {
    const ReloadedAgent agent;
    PendingCall call = agent.approved({{"pin", "4711"}});
    deny_all(agent.reloaded);
    try {
        static_cast<void>(call.wait());
        FAIL("was let start");
    } catch (const PolicyDeniedError& error) {
        CHECK(std::string(error.what()) == "held is denied by the policy: the accounts are closed");
        CHECK(error.request_id() == call.request_id());
    }
    const auto request = agent.storage->find(call.request_id());
    CHECK(request->run == RunState::none);
    CHECK(request->run_note == "denied by the policy that came into force since it was asked: the accounts are closed");
    CHECK(agent.events->back().kind == Event::Kind::refused);
    CHECK(agent.GuardingAgent::events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK(agent.storage->verify_audit().intact());
    CHECK_THROWS_AS(call.wait(), PolicyDeniedError);
}

TEST_CASE("A new deny sees the arguments that reviewers do not, and the context") {
    const ReloadedAgent agent;
    PendingCall hidden = agent.approved({{"pin", "4711"}}, Call{.requested_by = "ana"});
    PendingCall meant = agent.approved({{"pin", "1"}}, Call{.requested_by = "eve"});
    PendingCall other = agent.approved({{"pin", "1"}}, Call{.requested_by = "ana"});
    agent.reloaded.reload(
        of_rules("  - {tool: held, deny: \"not that\", when: {any: [{args.pin: {equals: \"4711\"}}, "
                 "{context.requested_by: {equals: eve}}]}}\n"));
    CHECK_THROWS_AS(hidden.wait(), PolicyDeniedError);
    CHECK_THAT(agent.note(), ContainsSubstring("that came into force since it was asked"));  // at its claim
    CHECK_THROWS_AS(meant.wait(), PolicyDeniedError);
    CHECK_THAT(agent.note(), ContainsSubstring("that came into force since it was asked"));
    other.wait().executed();
}

TEST_CASE("A new deny sees the context of a call that was allowed and has not started") {
    const ReloadedAgent agent;
    const Json arguments{{"pin", "1"}};
    Permit meant = agent.reloaded.with({.requested_by = "eve"}).admit("free", arguments);
    Permit other = agent.reloaded.with({.requested_by = "ana"}).admit("free", arguments);
    agent.reloaded.reload(
        of_rules("  - {tool: free, deny: \"not now\", when: {context.requested_by: {equals: eve}}}\n"));
    CHECK_THROWS_AS(meant.start(arguments), PolicyDeniedError);
    CHECK_NOTHROW(other.start(arguments));
    other.executed();
}

TEST_CASE("A new deny judges a call by the time at which it was asked, at its claim and at its start") {
    const GuardingAgent agent;
    const auto clock = std::make_shared<ManualClock>();  // at midnight
    SqliteStorage::Options timed;
    timed.clock = clock;
    const auto storage = std::make_shared<SqliteStorage>(agent.directory / "timed.db", timed);
    ApproveKit::Options options;
    options.clock = clock;
    const ApproveKit kit(of_rules("  - {tool: held, require_approval: true, timeout: 2d}\n"
                                  "  - {tool: free, auto_approve: true}\n"),
                         storage, options);
    const Json none = Json::object();
    PendingCall held = kit.submit("held", none);
    Permit permit = kit.admit("free", none);
    clock->advance(std::chrono::hours(2));
    kit.reload(
        of_rules("  - {tool: free, auto_approve: true}\n"
                 "  - {tool: \"*\", deny: \"not now\", when: {time: {between: [\"00:00\", \"01:00\"], zone: UTC}}}\n"));
    kit.approve(held.request_id());
    CHECK_THROWS_AS(held.wait(), PolicyDeniedError);
    CHECK_THROWS_AS(permit.start(none), PolicyDeniedError);
    CHECK_NOTHROW(kit.admit("free", none));
}

TEST_CASE("H29 a forked child does not wait for a thread that was reading the policy at the fork") {
    detail::PolicyInForce policy{Policy()};
    std::jthread reader([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            static_cast<void>(policy.get());
    });
    for (int fork = 0; fork < 50; ++fork) {
        ForkedChild child(
            [&](const ForkedChild::Report& report) {
                ::alarm(20);
                try {
                    static_cast<void>(policy.get());
                } catch (const StorageError& error) {
                    report(error.code() == ErrorCode::storage_forked ? 2 : 3);
                    return;
                }
                report(1);
            },
            ForkTime::at_once);
        CHECK(child.reported() < 3);
    }
}

TEST_CASE("What no rule of a new policy mentions is refused where that denies it") {
    const ReloadedAgent agent;
    PendingCall call = agent.approved({{"pin", "1"}});
    agent.reloaded.reload(Policy().set_unmatched(Unmatched::deny));
    CHECK_THROWS_AS(call.wait(), PolicyDeniedError);
    PendingCall later = agent.kit.submit("held", Json::object());
    agent.kit.approve(later.request_id());
    agent.kit.reload(Policy());  // this one holds it; it is enough that somebody was asked
    CHECK_NOTHROW(later.wait().executed());
}

TEST_CASE("G12 a permit that has not started does not start any more under a policy that denies its call") {
    const ReloadedAgent agent;
    const Json arguments{{"pin", "4711"}};
    SECTION("allowed at once") {
        Permit permit = agent.reloaded.admit("free", arguments);
        deny_all(agent.reloaded);
        CHECK_THROWS_AS(permit.start(arguments), PolicyDeniedError);
        CHECK(permit.is_spent());
    }
    SECTION("approved") {
        Permit permit = agent.approved(arguments).wait();
        deny_all(agent.reloaded);
        CHECK_THROWS_AS(permit.start(arguments), PolicyDeniedError);
        CHECK(permit.is_spent());
    }
    CHECK(agent.GuardingAgent::events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK_THAT(agent.note(), ContainsSubstring("the accounts are closed"));
}

TEST_CASE("G7 what a call's policy hides stays hidden of a run that a reload meets") {
    const ReloadedAgent agent;
    const auto open = [&] { agent.reloaded.reload(of_rules("  - {tool: free, auto_approve: true}\n")); };
    const auto returning = agent.reloaded.guard("free", {"pin"}, [&](const std::string& pin) {
        open();
        return Json{{"pin", "9999"}, {"echo", pin}};
    });
    CHECK(returning("4711").at("pin") == "9999");
    CHECK(agent.note() == R"({"echo":"[REDACTED]","pin":"[REDACTED]"})");
    agent.reloaded.reload(of_rules("  - {tool: free, auto_approve: true, redact_fields: [pin]}\n"));
    const auto throwing = agent.reloaded.guard("free", {"pin"}, [&](const std::string& pin) {
        open();
        throw std::runtime_error("wrong pin " + pin);
    });
    CHECK_THROWS(throwing("4711"));
    CHECK(agent.note() == "wrong pin [REDACTED]");
}

TEST_CASE("G14 a signature counts while the policy of its call and the one in force list its key") {
    const GuardingAgent agent;
    const auto ana = std::make_shared<ReviewerKey>(ReviewerKey::generate("ana"));
    const auto ben = std::make_shared<ReviewerKey>(ReviewerKey::generate("ben"));
    const auto listing = [](std::vector<TrustedReviewer> reviewers) {
        return Policy().set_reviewers(std::move(reviewers));
    };
    const ApproveKit kit(listing({{"ana", ana->public_key()}}), agent.storage);
    PendingCall call = kit.submit("held", Json::object());
    Reviewer reviewer(agent.storage, "ana", "terminal");
    reviewer.sign_with(ana);
    reviewer.approve(call.request_id(), {.seen = agent.pending().view_digest});
    SECTION("others were added") {
        kit.reload(listing({{"ben", ben->public_key()}, {"ana", ana->public_key()}}));
        CHECK_NOTHROW(call.wait().executed());
    }
    SECTION("it was taken out") {
        kit.reload(listing({{"ben", ben->public_key()}}));
        CHECK_THROWS_AS(call.wait(), UntrustedDecisionError);
    }
    SECTION("its name has another key") {
        kit.reload(listing({{"ana", ben->public_key()}}));
        CHECK_THROWS_AS(call.wait(), UntrustedDecisionError);
    }
    SECTION("nobody signs any more") {
        kit.reload(Policy());
        CHECK_NOTHROW(call.wait().executed());
    }
}

TEST_CASE("G14 a call that was asked for signatures wants one when its policy has gone") {
    const GuardingAgent agent;
    const auto ana = ReviewerKey::generate("ana");
    const ApproveKit kit(Policy().set_reviewers({{"ana", ana.public_key()}}), agent.storage);
    PendingCall call = kit.submit("held", Json::object());
    kit.reload(Policy());
    agent.shell("UPDATE approval_requests SET status = 'approved'");
    CHECK_THROWS_AS(call.wait(), UntrustedDecisionError);
}

TEST_CASE("Another policy is told as an event, an equal one is none, and a refused one says what is wrong") {
    const ReloadedAgent agent;
    agent.reloaded.reload(Policy::from_json(agent.reloaded.policy().as_json()));
    CHECK(agent.events->empty());
    deny_all(agent.reloaded);
    REQUIRE(agent.events->size() == 1);
    CHECK(agent.events->back().kind == Event::Kind::policy_changed);
    CHECK_THAT(agent.events->back().text, ContainsSubstring(agent.reloaded.policy().digest().substr(0, 16)));
    agent.reloaded.tell_refused(PolicyError({{.file = "p.yaml", .path = {}, .message = "is odd"}}));
    CHECK(agent.events->back().kind == Event::Kind::policy_refused);
    CHECK_THAT(agent.events->back().text, ContainsSubstring("stays in force: p.yaml: is odd"));
    CHECK(to_string(Event::Kind::policy_changed) == "policy_changed");
    CHECK(to_string(Event::Kind::policy_refused) == "policy_refused");
}

TEST_CASE("G12 each call sees one policy as a whole while another thread reloads it") {
    const GuardingAgent agent;
    const Policy hiding = of_rules("  - {tool: free, auto_approve: true, redact_fields: [pin], risk_level: hiding}\n");
    const Policy showing = of_rules(
        "  - {tool: free, auto_approve: true, risk_level: showing}\n"
        "  - {tool: held, deny: \"no\"}\n");
    const ApproveKit kit(hiding, agent.storage);
    const auto tool = kit.guard("free", {"pin"}, [](const std::string&) {});
    constexpr int threads = 4;
    constexpr int calls = 60;
    std::atomic<int> done = 0;
    {
        std::vector<std::jthread> callers;
        for (int thread = 0; thread < threads; ++thread) {
            callers.emplace_back([&] {
                for (int call = 0; call < calls; ++call)
                    tool("4711");
                ++done;
            });
        }
        while (done < threads) {
            kit.reload(showing);
            kit.reload(hiding);
        }
    }
    agent.storage->flush();
    AuditQuery query;
    query.limit = 200;
    int seen = 0;
    for (AuditPage page = agent.storage->audit(query);; query.cursor = page.next, page = agent.storage->audit(query)) {
        for (const AuditEntry& entry : page.entries) {
            if (entry.decision != AuditEvent::approved) continue;
            ++seen;
            const bool hides = entry.metadata.at("risk_level") == "hiding";
            CHECK(entry.tool_args.at("pin") == (hides ? "[REDACTED]" : "4711"));
        }
        if (page.next.empty()) break;
    }
    CHECK(seen == threads * calls);
}
