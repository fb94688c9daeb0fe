// Calls of an agent while a stop is in force: what waits continues when it is lifted, what does not wait is refused.
#include "agent/running_coroutine.hpp"
#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using approvekit::testing::RunningCoroutine;

namespace {

int seven() {
    return 7;
}

/// An agent that counts its events. A reviewer stops it just while it receives the approval of "first".
struct Counting : ScratchDatabase {
    Counting() {
        ApproveKit::Options options;
        options.on_event = [this](const Event& event) {
            decided += event.kind == Event::Kind::decided ? 1 : 0;
            stopped += event.kind == Event::Kind::stopped ? 1 : 0;
            const bool is_due = event.kind == Event::Kind::decided && event.tool_name == "first" && stops_first;
            if (is_due) stop_id = reviewer->stop({.reason = "a test", .tool = "first"}, "ann", "web").id;
        };
        kit.emplace(Policy(), storage, options);
    }

    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, shared_with_others());
    std::shared_ptr<SqliteStorage> reviewer = std::make_shared<SqliteStorage>(path, shared_with_others());
    std::atomic<int> decided = 0;
    std::atomic<int> stopped = 0;
    bool stops_first = false;
    std::string stop_id;
    std::optional<ApproveKit> kit;
};

RunningCoroutine await(Ticket<int>& ticket, std::atomic<int>& result) {
    result = co_await ticket;
}

auto now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

TEST_CASE("G18 a call that the policy allows is refused under a stop, and the model is told what to do") {
    const GuardingAgent agent;
    const auto tool = agent.kit.guard("free", {}, seven);
    const Stop stop = agent.kit.stop({.reason = "wrong recipients", .tool = "fr*"}, "ann");
    const auto outcome = tool.attempt();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.refusal().code == ErrorCode::stopped);
    CHECK(outcome.refusal().text_for_model() ==
          "The call was not executed: free is stopped by ann (library): wrong recipients. Do not repeat it until the "
          "stop "
          "is lifted; choose another way or ask the user.");
    agent.kit.resume(stop.id, "ann");
    CHECK(tool() == 7);
}

TEST_CASE("G18 an approved call waits under a stop and runs when that is lifted") {
    const GuardingAgent agent;
    auto ticket = agent.kit.guard("held", {}, seven).submit();
    const Stop stop = agent.kit.stop({.reason = "a test"});
    agent.kit.approve(ticket.request_id());
    int result = 0;
    std::jthread waiting([&] { result = ticket.get(); });
    // When the storage has told of the approval, the claim has met the stop, or will meet it; it waits in both cases.
    CHECK(eventually([&] { return agent.storage->find(ticket.request_id())->status == ApprovalStatus::approved; }));
    CHECK(agent.storage->find(ticket.request_id())->run == RunState::none);
    SqliteStorage(agent.path, shared_with_others()).resume(stop.id, "ann", "terminal");
    waiting.join();
    CHECK(result == 7);
}

TEST_CASE("G18 a ticket is not decided while a stop holds its call up, and its caller may give up") {
    const GuardingAgent agent;
    PendingCall call = agent.kit.submit("held", Json::object());
    const Stop stop = agent.kit.stop({.reason = "a test"});
    agent.kit.approve(call.request_id());
    CHECK_FALSE(call.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20)));
    SECTION("it is told when the stop is lifted") {
        agent.kit.resume(stop.id);
        CHECK(call.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(20)));
        call.wait().executed();
        CHECK(agent.last_entry().decision == AuditEvent::executed);
    }
    SECTION("given up") {
        std::stop_source given_up;
        given_up.request_stop();
        CHECK_THROWS_AS(call.wait(given_up.get_token()), ApprovalCancelledError);
        CHECK(agent.last_entry().decision == AuditEvent::refused);
    }
}

TEST_CASE("G18 a ticket that was allowed at once does not start under a stop that came since") {
    const GuardingAgent agent;
    PendingCall call = agent.kit.submit("free", Json::object());
    const Stop stop = agent.kit.stop({.reason = "a test"});
    CHECK_THROWS_AS(call.wait(), StoppedError);
    CHECK_THROWS_AS(call.wait(), StoppedError);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::stopped, AuditEvent::refused});
}

TEST_CASE("G18 a ticket that was allowed at once is held by a stop that its agent met, whose row was taken away") {
    const GuardingAgent agent;
    PendingCall call = agent.kit.submit("free", Json::object());
    agent.kit.stop({.reason = "a test"});
    CHECK_THROWS_AS(agent.kit.admit("free", Json::object()), StoppedError);
    agent.shell("DELETE FROM approvekit_stops");
    CHECK_THROWS_AS(call.wait(), StoppedError);
}

TEST_CASE("G18 a ticket is as decided as the claim of its call would say, where the row of the stop was taken away") {
    const GuardingAgent agent;
    PendingCall call = agent.kit.submit("held", Json::object());
    agent.kit.stop({.reason = "a test"});
    CHECK_THROWS_AS(agent.kit.admit("free", Json::object()), StoppedError);
    agent.kit.approve(call.request_id());
    agent.shell("DELETE FROM approvekit_stops");
    CHECK_FALSE(call.wait_until(now() + std::chrono::milliseconds(20)));
    CHECK_FALSE(call.ready());
    CHECK_FALSE(call.claim_ahead({}));
}

TEST_CASE("A ticket is not ready because some stop came, nor an approved one while its own is in force") {
    const GuardingAgent agent;
    PendingCall call = agent.kit.submit("held", Json::object());
    const Stop other = agent.kit.stop({.reason = "a test", .tool = "unrelated"});
    CHECK_FALSE(call.ready());
    agent.kit.resume(other.id);
    CHECK_FALSE(call.ready());
    const Stop own = agent.kit.stop({.reason = "a test", .tool = "held"});
    agent.kit.approve(call.request_id());
    CHECK_FALSE(call.ready());
    agent.kit.resume(own.id);
    CHECK(call.ready());
    call.wait().executed();
}

TEST_CASE("G18 a stop that comes while a coroutine takes its approval in holds no other coroutine up") {
    Counting agent;
    agent.stops_first = true;
    std::atomic<int> first_result = 0;
    std::atomic<int> second_result = 0;
    const bool ends_later = GENERATE(false, true);
    auto first = ends_later ? agent.kit->guard("first", {}, [](Completion<int> done) { done.complete(7); }).submit()
                            : agent.kit->guard("first", {}, seven).submit();
    auto second = agent.kit->guard("second", {}, seven).submit();
    await(first, first_result);
    await(second, second_result);
    agent.kit->approve(first.request_id());
    CHECK(eventually([&] { return agent.stopped == 1; }));
    agent.kit->approve(second.request_id());
    CHECK(eventually([&] { return second_result == 7; }));
    CHECK(first_result == 0);
    agent.reviewer->resume(agent.stop_id, "ann", "web");
    CHECK(eventually([&] { return first_result == 7; }));
    CHECK(agent.decided == 2);
}

TEST_CASE("G18 start() does not wait for the end of a stop that comes while it takes the approval in") {
    Counting agent;
    agent.stops_first = true;
    auto ticket = agent.kit->guard("first", {}, seven).submit();
    agent.kit->approve(ticket.request_id());
    CHECK(eventually([&] { return ticket.ready(); }));
    CHECK_FALSE(ticket.start());
    CHECK_FALSE(ticket.start());
    agent.reviewer->resume(agent.stop_id, "ann", "web");
    CHECK(eventually([&] { return ticket.start(); }));
    CHECK(ticket.get() == 7);
}

TEST_CASE("G13 a call that was claimed ahead and is dropped is recorded as not started, its ticket had a key or not") {
    const GuardingAgent agent;
    Call keyed;
    keyed.idempotency_key = GENERATE("", "order 7");
    {
        PendingCall call = agent.kit.with(keyed).submit("held", Json::object());
        CHECK_FALSE(call.claim_ahead({}));
        agent.kit.approve(call.request_id());
        CHECK(eventually([&] { return call.claim_ahead({}); }));
        CHECK(call.claim_ahead({}));
    }
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("G18 a call within another one does not start under a stop either") {
    const GuardingAgent agent;
    const auto inner = agent.kit.guard("free", {}, seven);
    const auto outer = agent.kit.guard("outer", {}, [&] {
        agent.kit.stop({.reason = "a test", .tool = "free"});
        return inner();
    });
    auto ticket = outer.submit();
    agent.kit.approve(ticket.request_id());
    CHECK_THROWS_AS(ticket.get(), ToolFailedError);
}

TEST_CASE("A stop that an approved call meets is told as an event, once") {
    Counting agent;
    auto ticket = agent.kit->guard("held", {}, seven).submit();
    const Stop first = agent.kit->stop({.reason = "a test"});
    agent.kit->approve(ticket.request_id());
    int result = 0;
    std::jthread waiting([&] { result = ticket.get(); });
    REQUIRE(eventually([&] { return agent.stopped == 1; }));
    const Stop second = agent.kit->stop({.reason = "another"});
    agent.kit->resume(first.id);
    agent.kit->resume(second.id);
    waiting.join();
    CHECK(result == 7);
    CHECK(agent.stopped == 1);
    CHECK(agent.decided == 1);
}

TEST_CASE("A stop that an approved call meets is told as an event, once, however its ticket is waited for") {
    Counting agent;
    auto ticket = agent.kit->guard("held", {}, seven).submit();
    const Stop stop = agent.kit->stop({.reason = "a test"});
    agent.kit->approve(ticket.request_id());
    std::atomic<int> result = 0;
    bool is_awaited = false;
    SECTION("wait_until") {
        CHECK_FALSE(ticket.wait_for(std::chrono::milliseconds(20)));
        CHECK_FALSE(ticket.wait_for(std::chrono::milliseconds(20)));
    }
    SECTION("wait_any") {
        std::stop_source enough;
        std::vector<Ticket<int>> tickets;
        tickets.push_back(std::move(ticket));
        std::optional<std::size_t> found;
        std::jthread waiting([&] { found = wait_any(tickets, enough.get_token()); });
        CHECK(eventually([&] { return agent.stopped == 1; }));
        enough.request_stop();
        waiting.join();
        CHECK_FALSE(found.has_value());
        ticket = std::move(tickets.front());
    }
    SECTION("co_await") {
        is_awaited = true;
        await(ticket, result);
    }
    CHECK(eventually([&] { return agent.stopped == 1; }));
    agent.kit->resume(stop.id);
    CHECK(eventually([&] { return is_awaited ? result == 7 : ticket.ready() && ticket.get() == 7; }));
    CHECK(agent.stopped == 1);
    CHECK(agent.decided == 1);
}

TEST_CASE("An approval is told as an event where its ticket met a stop before") {
    Counting agent;
    PendingCall call = agent.kit->submit("held", Json::object());
    const Stop stop = agent.kit->stop({.reason = "a test"});
    agent.kit->approve(call.request_id());
    CHECK_FALSE(call.wait_until(now() + std::chrono::milliseconds(20)));
    agent.kit->resume(stop.id);
    call.wait().executed();
    CHECK(agent.decided == 1);
}
