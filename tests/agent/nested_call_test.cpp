// A tool that calls another guarded tool: which call was refused, and what ran?
#include "approvekit/approvekit.hpp"

#include "support/broken_disk.hpp"
#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <cerrno>
#include <exception>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Has its effect, then makes a call that is refused.
struct Outer {
    const GuardingAgent& agent;
    int effects = 0;

    void run() {
        ++effects;
        auto ticket = agent.kit.guard("held", {"n"}, [](int) {}).submit(1);
        agent.kit.reject(ticket.request_id(), {.notes = "not today", .reviewer = "ana"});
        ticket.get();
    }
};

}  // namespace

TEST_CASE("H54 a tool that had its effect before a call within it was refused is said to have run and failed") {
    const GuardingAgent agent;
    Outer outer{agent};
    auto tool = agent.kit.guard("free", {}, [&] { outer.run(); });
    SECTION("as a value, and to the model") {
        const auto outcome = tool.attempt();
        CHECK(outcome.ran());
        REQUIRE_FALSE(outcome);
        CHECK_THAT(outcome.refusal().text_for_model(), ContainsSubstring("free ran and failed") &&
                                                           ContainsSubstring("held was rejected by ana: not today") &&
                                                           !ContainsSubstring("not executed"));
        CHECK(outcome.refusal().tool_name == "free");
    }
    SECTION("from a loop that is handed a name and a text") {
        const auto outcome = agent.kit.try_call("free", "{}", [&](const Json&) { outer.run(); });
        REQUIRE_FALSE(outcome);
        CHECK_THAT(outcome.refusal().text_for_model(), !ContainsSubstring("not executed"));
    }
    SECTION("from a ticket") {
        const auto outcome = tool.submit().attempt();
        REQUIRE_FALSE(outcome);
        CHECK_THAT(outcome.refusal().text_for_model(), !ContainsSubstring("not executed"));
    }
    SECTION("two calls deep") {
        const auto outcome = agent.kit.guard("free", {}, [&] { tool(); }).attempt();
        CHECK(outcome.ran());
        CHECK_THAT(outcome.refusal().text_for_model(), !ContainsSubstring("not executed"));
    }
    SECTION("as an exception: it is no refusal of this call") {
        try {
            tool();
            FAIL("it returned");
        } catch (const RefusedError&) {
            FAIL("the call itself was not refused");
        } catch (const Error& error) {
            CHECK_THAT(error.what(), ContainsSubstring("free ran and failed"));
        }
    }
    CHECK(outer.effects == 1);
    CHECK(agent.last_entry().decision == AuditEvent::failed);
    CHECK_THAT(agent.last_entry().reviewer_notes.value_or(""), ContainsSubstring("held was rejected by ana"));
}

TEST_CASE("H54 a tool that had its effect before the record failed a call within it is said to have run and failed") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("free", {}, [&] {
        const UnwritableDisk disk(ENOSPC);
        agent.kit.guard("free", {"n"}, [](int) {})(1);
    });
    try {
        tool();
        FAIL("it returned");
    } catch (const StorageError&) {
        FAIL("this call was recorded and ran");
    } catch (const Error& error) {
        CHECK_THAT(error.what(), ContainsSubstring("free ran and failed"));
    }
}

TEST_CASE("H54 a call that is refused itself is still said not to have run") {
    const GuardingAgent agent;
    auto ticket = agent.kit.guard("held", {}, [] {}).submit();
    agent.kit.reject(ticket.request_id(), {.notes = "no", .reviewer = "ana"});
    const auto outcome = ticket.attempt();
    CHECK_FALSE(outcome.ran());
    CHECK_THAT(outcome.refusal().text_for_model(), ContainsSubstring("The call was not executed: held was rejected"));
}

TEST_CASE("H54 the refusal of the inner call is nested in the failure of the outer") {
    const GuardingAgent agent;
    Outer outer{agent};
    try {
        agent.kit.guard("free", {}, [&] { outer.run(); })();
        FAIL("it returned");
    } catch (const ToolFailedError& error) {
        CHECK(error.code() == ErrorCode::tool_failed);
        CHECK(error.request_id().empty());
        CHECK_THROWS_AS(std::rethrow_if_nested(error), ApprovalRejectedError);
    }
}

TEST_CASE("G13 a tool that cannot tell whether it had its effect is recorded as unknown") {
    const GuardingAgent agent;
    const std::string name = GENERATE("free", "held");
    auto ticket = agent.kit.guard(name, {}, [] { throw OutcomeUnknownError("sent, never confirmed"); }).submit();
    if (name == "held") agent.kit.approve(ticket.request_id());
    CHECK_THROWS_AS(ticket.attempt(), OutcomeUnknownError);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::unknown});
    CHECK(agent.last_entry().reviewer_notes == "sent, never confirmed");
    if (name == "held") CHECK(agent.storage->find(ticket.request_id())->run == RunState::unknown);
    CHECK(agent.storage->verify_audit().intact());
}
