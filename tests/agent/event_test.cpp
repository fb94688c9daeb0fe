// What an agent reports about its calls while they happen.
#include "approvekit/event.hpp"

#include "approvekit/tools.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/guarding_agent.hpp"

#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

using Kinds = std::vector<Event::Kind>;
using enum Event::Kind;

/// A kit that remembers what it reported.
struct TellingAgent : GuardingAgent {
    std::shared_ptr<std::vector<Event>> events = std::make_shared<std::vector<Event>>();
    ApproveKit telling{policy(), storage, options(events)};

    static Policy policy() {
        PolicyRule held = rule("held", true);
        held.redact_fields = {"pin"};
        held.risk_level = "high";
        return Policy().add_rule(rule("free", false)).add_rule(held).set_unmatched(Unmatched::deny);
    }
    static ApproveKit::Options options(const std::shared_ptr<std::vector<Event>>& events) {
        ApproveKit::Options options;
        options.on_event = [events](const Event& event) { events->push_back(event); };
        return options;
    }
    [[nodiscard]] Kinds kinds() const {
        Kinds all;
        for (const Event& event : *events)
            all.push_back(event.kind);
        return all;
    }
    [[nodiscard]] std::string last() const { return events->back().text; }
};

}  // namespace

TEST_CASE("A held call tells that it waits, what was decided, and how it ran") {
    const TellingAgent agent;
    auto tool = agent.telling.guard("held", {"pin"}, [](const std::string& pin) {
        if (pin == "4711") throw std::runtime_error("wrong pin 4711");
    });
    auto ticket = tool.submit("4712");
    REQUIRE(agent.kinds() == Kinds{waiting});
    CHECK_THAT(agent.last(), StartsWith("held waits for approval until 2") &&
                                 ContainsSubstring("Z, risk high (request ") && ContainsSubstring(ticket.request_id()));
    agent.telling.approve(ticket.request_id(), {.notes = "as agreed", .reviewer = "ana"});
    ticket.get();
    REQUIRE(agent.kinds() == Kinds{waiting, decided, started, ended});
    CHECK_THAT(agent.events->at(1).text, StartsWith("held was approved by ana: as agreed (request"));
    CHECK_THAT(agent.events->at(2).text, StartsWith("held starts (request"));
    CHECK_THAT(agent.last(), StartsWith("held ended as executed (request"));
    CHECK(agent.events->back().request_id == ticket.request_id());

    auto wrong = tool.submit("4711");
    agent.telling.approve(wrong.request_id());
    CHECK_THROWS(wrong.get());
    CHECK_THAT(agent.last(), StartsWith("held ended as failed: wrong pin [REDACTED]"));
}

TEST_CASE("A call that does not run tells why") {
    const TellingAgent agent;
    auto tool = agent.telling.guard("held", {"pin"}, [](const std::string&) {});
    auto ticket = tool.submit("4711");
    SECTION("rejected") {
        agent.telling.reject(ticket.request_id(), {.notes = "not 4711", .reviewer = "ana"});
        CHECK_FALSE(ticket.attempt());
        CHECK_FALSE(ticket.attempt());  // asking again reports nothing new
        CHECK(agent.kinds() == Kinds{waiting, decided});
        CHECK_THAT(agent.last(), StartsWith("held was rejected by ana: not [REDACTED]"));
    }
    SECTION("given up") {
        std::stop_source stop;
        stop.request_stop();
        CHECK_FALSE(ticket.attempt(stop.get_token()));
        CHECK(agent.kinds() == Kinds{waiting, refused});
        CHECK_THAT(agent.last(), StartsWith("held was cancelled: the caller gave up waiting"));
    }
    SECTION("denied") {
        CHECK_FALSE(agent.telling.guard("other", {}, [] {}).attempt());
        CHECK(agent.kinds() == Kinds{waiting, refused});
        CHECK(agent.last() == "other is denied by the policy");
    }
    SECTION("no arguments") {
        CHECK_FALSE(agent.telling.try_call("held", "{", [](const Json&) {}));
        CHECK(agent.kinds() == Kinds{waiting, refused});
        CHECK_THAT(agent.last(), StartsWith("held: "));
    }
    SECTION("arguments that do not fit, of which the policy hides one") {
        Tools tools(agent.telling);
        tools.add("held", {"pin"}, [](const std::map<std::string, int>&) {});
        CHECK_FALSE(tools.call("held", R"({"pin": {"4711": "x"}})"));
        CHECK_FALSE(tools.call("unknown", "{}"));
        CHECK(agent.kinds() == Kinds{waiting, refused, refused});
        CHECK_THAT(agent.events->at(1).text,
                   ContainsSubstring("expected a whole number") && !ContainsSubstring("4711"));
        CHECK_THAT(agent.last(), StartsWith("unknown: no such tool"));
    }
}

TEST_CASE("Trouble with the record is told") {
    const auto storage = std::make_shared<approvekit::testing::FailingStorage>();
    const auto events = std::make_shared<std::vector<Event>>();
    const ApproveKit kit(Policy(), storage, TellingAgent::options(events));
    storage->fail_with(ErrorCode::storage_full);
    CHECK_THROWS_AS(kit.guard("held", {}, [] {})(), StorageError);
    REQUIRE(events->size() == 1);
    CHECK(events->back().kind == storage_trouble);
    CHECK(events->back().tool_name == "held");
    CHECK(events->back().text == "the record cannot be reached");
}

TEST_CASE("The ready-made listener writes lines with the command that decides") {
    const GuardingAgent agent;
    std::ostringstream text;
    std::streambuf* const before = std::cerr.rdbuf(text.rdbuf());
    log_events (*agent.storage)({waiting, "held", "1", "held waits"});
    log_events("http://localhost:1/")({waiting, "held", "1", "held \x1b[31m"});
    log_events("http://localhost:1/")({ended, "held", "1", "held ended"});
    std::cerr.rdbuf(before);
    CHECK(text.str() == "approvekit: held waits; decide it: approvekit-review --db " + agent.path.string() +
                            "\napprovekit: held \\x1b[31m; decide it: http://localhost:1/\napprovekit: held ended\n");
    CHECK(to_string(storage_trouble) == "storage_trouble");
}
