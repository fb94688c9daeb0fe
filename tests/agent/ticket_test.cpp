// A ticket says the same each time that it is asked, and never anything untrue.
#include "approvekit/approvekit.hpp"

#include "support/catch.hpp"
#include "support/forked_child.hpp"
#include "support/guarding_agent.hpp"

#include <chrono>
#include <stop_token>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// The code and the text of the error that asking again throws.
template <typename Ask>
std::string answer_of(Ask ask) {
    try {
        ask();
        return "no error";
    } catch (const Error& error) {
        return std::string(to_string(error.code())) + ": " + error.what();
    }
}

}  // namespace

TEST_CASE("H55 a ticket whose tool ran says so when it is asked again") {
    const GuardingAgent agent;
    const std::string name = GENERATE("free", "held");
    auto ticket = agent.kit.guard(name, {"n"}, [](int n) { return n; }).submit(7);
    if (name == "held") agent.kit.approve(ticket.request_id());
    CHECK(ticket.get() == 7);
    const AuditEvents before = agent.events();
    CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("misuse: ") && ContainsSubstring(name) &&
                                                     ContainsSubstring("already been taken") &&
                                                     !ContainsSubstring("cancelled"));
    CHECK_THAT(answer_of([&] { static_cast<void>(ticket.attempt()); }), StartsWith("misuse: "));
    CHECK(ticket.ready());
    ticket.cancel();
    CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("misuse: "));
    CHECK(agent.events() == before);
}

TEST_CASE("H55 a ticket whose tool threw says so when it is asked again") {
    const GuardingAgent agent;
    auto ticket = agent.kit.guard("free", {}, [] { throw std::runtime_error("no paper"); }).submit();
    CHECK_THROWS_WITH(ticket.get(), "no paper");
    CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("misuse: ") && ContainsSubstring("free"));
}

TEST_CASE("H55 a refused ticket gives the same answer each time it is asked") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("held", {"n"}, [](int) {});
    auto ticket = tool.submit(1);
    std::string first;
    SECTION("rejected") {
        agent.kit.reject(ticket.request_id(), {.notes = "not today", .reviewer = "ana"});
        first = "rejected: held was rejected by ana: not today";
    }
    SECTION("rejected, and given up before that was heard") {
        agent.kit.reject(ticket.request_id(), {.notes = "not today", .reviewer = "ana"});
        ticket.cancel();
        first = "rejected: held was rejected by ana: not today";
    }
    SECTION("given up") {
        ticket.cancel();
        first = "cancelled: held was cancelled: the caller gave up waiting";
    }
    SECTION("stopped") {
        std::stop_source source;
        source.request_stop();
        CHECK_THROWS_AS(ticket.get(source.get_token()), ApprovalCancelledError);
        first = "cancelled: held was cancelled: the caller gave up waiting";
    }
    SECTION("approved, and given up") {
        agent.kit.approve(ticket.request_id(), {.notes = "go ahead", .reviewer = "ana"});
        ticket.cancel();
        first = "cancelled: held was cancelled: the caller gave up waiting";
    }
    SECTION("altered") {
        agent.shell("DELETE FROM approval_requests");
        first = "altered: held was refused";
    }
    SECTION("ended by another program") {
        agent.shell("UPDATE approval_requests SET status = 'maybe'");
        first = "cancelled: held was cancelled: another program changed its row";
    }
    for (int asked = 0; asked < 3; ++asked) {
        CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith(first));
        const auto outcome = ticket.attempt();
        REQUIRE_FALSE(outcome.ran());
        CHECK(outcome.refusal().tool_name == "held");
        ticket.cancel();
    }
}

TEST_CASE("H55 a ticket that timed out says so each time") {
    const GuardingAgent agent;
    const ApproveKit brief(Policy().add_rule(GuardingAgent::rule("held", true, std::chrono::seconds{1})),
                           agent.storage);
    auto ticket = brief.guard("held", {}, [] {}).submit();
    CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("timeout: held timed out"));
    CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("timeout: held timed out"));
}

TEST_CASE("H72 an allowed ticket that nobody asked is recorded as not started") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("free", {"n"}, [](int) {});
    SECTION("dropped") {
        static_cast<void>(tool.submit(1));
    }
    SECTION("given up, and asked after that") {
        auto ticket = tool.submit(1);
        ticket.cancel();
        CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("cancelled: free was cancelled: the caller gave up"));
        CHECK(ticket.attempt().refusal().tool_name == "free");
    }
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK_THAT(agent.last_entry().reviewer_notes.value_or(""), StartsWith("not started"));
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("H72 a ticket that was moved from is an error, not a crash") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("held", {"n"}, [](int) {});
    auto ticket = tool.submit(1);
    const auto taken = std::move(ticket);
    CHECK_THAT(answer_of([&] { ticket.get(); }), StartsWith("misuse: "));
    CHECK_THAT(answer_of([&] { static_cast<void>(ticket.attempt()); }), StartsWith("misuse: "));
    CHECK_THAT(answer_of([&] { static_cast<void>(ticket.ready()); }), StartsWith("misuse: "));
    CHECK_THAT(answer_of([&] { ticket.cancel(); }), StartsWith("misuse: "));
    CHECK(ticket.request_id().empty());
}

TEST_CASE("H72 a ticket in a forked child is an error at once, and runs nothing") {
    const GuardingAgent agent;
    const std::string name = GENERATE("free", "held");
    int runs = 0;
    auto ticket = agent.kit.guard(name, {"n"}, [&](int) { ++runs; }).submit(1);
    const auto start = std::chrono::steady_clock::now();
    ForkedChild child([&](const ForkedChild::Report& report) {
        report();
        const std::string answers = answer_of([&] { ticket.get(); }).substr(0, 14) +
                                    answer_of([&] { ticket.cancel(); }).substr(0, 14) +
                                    answer_of([&] { static_cast<void>(ticket.ready()); }).substr(0, 14);
        ::_exit(answers == "storage_forkedstorage_forkedstorage_forked" && runs == 0 ? 42 : 1);
    });
    CHECK(child.wait() == 42);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{15});  // half of what the call would wait
    if (name == "held") agent.kit.approve(ticket.request_id());
    ticket.get();
    CHECK(runs == 1);
}
