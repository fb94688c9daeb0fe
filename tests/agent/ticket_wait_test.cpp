// One owner of many tickets: which one it waits for, how long, and what runs meanwhile.
#include "approvekit/ticket.hpp"

#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;

namespace {

using SteadyClock = std::chrono::steady_clock;

auto doubling(const GuardingAgent& agent, std::atomic<int>* runs = nullptr) {
    return agent.kit.guard("held", {"n"}, [runs](int n) {
        if (runs != nullptr) ++*runs;
        return n * 2;
    });
}

}  // namespace

TEST_CASE("Waiting for a ticket for a time runs nothing and withdraws nothing") {
    const GuardingAgent agent;
    std::atomic<int> runs = 0;
    auto ticket = doubling(agent, &runs).submit(1);
    CHECK_FALSE(ticket.wait_for(10ms));
    CHECK_FALSE(ticket.wait_until(SteadyClock::now() - 1s));
    CHECK(ticket.status() == ApprovalStatus::pending);
    CHECK(ticket.deadline() == agent.storage->find(ticket.request_id())->deadline);
    const std::jthread reviewer([&] { agent.kit.approve(ticket.request_id()); });
    const auto start = SteadyClock::now();
    CHECK(ticket.wait_for(20s));
    CHECK(SteadyClock::now() - start < 10s);
    CHECK(ticket.wait_for(0s));
    CHECK(ticket.status() == ApprovalStatus::approved);
    CHECK(runs == 0);
    CHECK(ticket.get() == 2);
    CHECK(ticket.wait_for(0s));
}

TEST_CASE("Waiting for a ticket ends with a stop token or the deadline") {
    const GuardingAgent agent;
    auto ticket = doubling(agent).submit(1);
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(ticket.wait_for(20s, stop.get_token()));
    CHECK(ticket.status() == ApprovalStatus::pending);
    const ApproveKit brief(Policy().add_rule(GuardingAgent::rule("held", true, 1s)), agent.storage);
    auto late = brief.guard("held", {}, [] {}).submit();
    CHECK(late.wait_for(20s));
    CHECK(late.attempt().refusal().code == ErrorCode::timeout);
    CHECK(late.status() == ApprovalStatus::timeout);
}

TEST_CASE("A ticket that never became a request says how it stands") {
    const GuardingAgent agent;
    auto free = agent.kit.guard("free", {}, [] { return 1; }).submit();
    CHECK(free.wait_for(0s));
    CHECK_FALSE(free.deadline());
    CHECK(free.status() == ApprovalStatus::approved);
    const Ticket<int> refused(PendingCall::refused(std::make_exception_ptr(PolicyDeniedError("held"))));
    CHECK(refused.status() == ApprovalStatus::rejected);
    CHECK_FALSE(refused.deadline());
}

TEST_CASE("Of many tickets the one that is decided is found, in whatever order") {
    const GuardingAgent agent;
    auto tool = doubling(agent);
    std::vector<Ticket<int>> tickets;
    for (int number = 0; number < 20; ++number)
        tickets.push_back(tool.submit(number));
    std::vector<std::string> ids;
    for (const auto& ticket : tickets)
        ids.push_back(ticket.request_id());
    std::reverse(ids.begin(), ids.end());
    const std::jthread reviewer([&] {
        for (const std::string& id : ids)
            agent.kit.approve(id);
    });
    int sum = 0;
    while (!tickets.empty()) {
        const auto decided = wait_any(tickets);
        REQUIRE(decided);
        sum += tickets.at(*decided).get();
        tickets.erase(tickets.begin() + static_cast<std::ptrdiff_t>(*decided));
    }
    CHECK(sum == 380);
    CHECK_FALSE(wait_any(tickets));
}

TEST_CASE("Waiting for any ticket ends when it is stopped, and when a deadline passes") {
    const GuardingAgent agent;
    const ApproveKit brief(Policy().add_rule(GuardingAgent::rule("held", true, 1s)), agent.storage);
    std::vector<Ticket<int>> tickets;
    tickets.push_back(doubling(agent).submit(1));
    std::stop_source stop;
    {
        const std::jthread closing([&] { stop.request_stop(); });
        CHECK_FALSE(wait_any(tickets, stop.get_token()));
    }
    tickets.push_back(brief.guard("held", {}, [] { return 1; }).submit());
    CHECK(wait_any(tickets) == 1U);
}

TEST_CASE("A listener is called when a ticket is decided, and at once when it was before") {
    const GuardingAgent agent;
    auto ticket = doubling(agent).submit(1);
    std::atomic<int> calls = 0;
    ticket.on_decided([&] { ++calls; });
    CHECK(calls == 0);
    agent.kit.reject(ticket.request_id());
    CHECK(eventually([&] { return calls > 0; }));
    CHECK(ticket.wait_for(20s));
    std::atomic<int> late = 0;  // it may also be called without reason
    ticket.on_decided([&] { ++late; });
    CHECK(late > 0);
}

TEST_CASE("A ticket that gets another one withdraws its own request") {
    const GuardingAgent agent;
    auto tool = doubling(agent);
    auto ticket = tool.submit(1);
    const std::string first = ticket.request_id();
    ticket = tool.submit(2);
    CHECK(agent.storage->find(first)->status == ApprovalStatus::cancelled);
    agent.kit.approve(ticket.request_id());
    CHECK(ticket.get() == 4);
}
