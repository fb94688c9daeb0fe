// Calls of an agent while a stop is in force: what waits goes on when it is lifted, what does not wait is refused.
#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

using namespace approvekit;

namespace {

int seven() {
    return 7;
}

/// Longer than after its entry a call counts as started by it.
void let_its_start_be_apart() {
    const auto allowed = std::chrono::steady_clock::now();
    REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - allowed > std::chrono::milliseconds(2); }));
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
    // Its claim has met the stop once the storage has told of it; it waits whether it has or not.
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
    let_its_start_be_apart();
    agent.kit.stop({.reason = "a test"});
    CHECK_THROWS_AS(call.wait(), StoppedError);
    CHECK_THROWS_AS(call.wait(), StoppedError);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::stopped, AuditEvent::refused});
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
    const ScratchDatabase file;
    std::atomic<int> told = 0;
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { told += event.kind == Event::Kind::stopped ? 1 : 0; };
    const ApproveKit kit(Policy(), std::make_shared<SqliteStorage>(file.path, shared_with_others()), options);
    auto ticket = kit.guard("held", {}, seven).submit();
    const Stop first = kit.stop({.reason = "a test"});
    kit.approve(ticket.request_id());
    std::jthread waiting([&] { CHECK(ticket.get() == 7); });
    REQUIRE(eventually([&] { return told == 1; }));
    const Stop second = kit.stop({.reason = "another"});
    kit.resume(first.id);
    kit.resume(second.id);
    waiting.join();
    CHECK(told == 1);
}

TEST_CASE("An approval is told as an event where its ticket met a stop before") {
    const ScratchDatabase file;
    std::atomic<int> decided = 0;
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { decided += event.kind == Event::Kind::decided ? 1 : 0; };
    const ApproveKit kit(Policy(), std::make_shared<SqliteStorage>(file.path, shared_with_others()), options);
    PendingCall call = kit.submit("held", Json::object());
    const Stop stop = kit.stop({.reason = "a test"});
    kit.approve(call.request_id());
    CHECK_FALSE(call.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20)));
    kit.resume(stop.id);
    call.wait().executed();
    CHECK(decided == 1);
}
