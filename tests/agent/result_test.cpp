// What tools return, and how it gets on record if the kit is asked to keep it.
#include "approvekit/tools.hpp"

#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <memory>
#include <stdexcept>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

struct Secretive {};
void to_json(Json&, const Secretive&) {
    throw std::runtime_error("not to be shown");
}

struct Keeping : GuardingAgent {
    ApproveKit keeping{policy(), storage, options()};

    static Policy policy() {
        PolicyRule free = rule("free", false);
        free.redact_fields = {"pin"};
        return Policy().add_rule(free).add_rule(rule("held", true));
    }
    static ApproveKit::Options options() {
        ApproveKit::Options options;
        options.record_results = true;
        return options;
    }
    [[nodiscard]] std::string note() const { return last_entry().reviewer_notes.value_or(""); }
};

}  // namespace

TEST_CASE("A result is on record, without what the policy hides, where the kit is asked to keep it") {
    const Keeping agent;
    auto tool = agent.keeping.guard("free", {"pin"}, [](const std::string& pin) {
        return Json{{"pin", "9999"}, {"echo", "it was " + pin}, {"sum", 7}};
    });
    CHECK(tool("4711").at("pin") == "9999");
    CHECK(agent.note() == R"({"echo":"it was [REDACTED]","pin":"[REDACTED]","sum":7})");
    CHECK(agent.last_entry().decision == AuditEvent::executed);
    auto ticket = agent.keeping.guard("held", {}, [] { return std::string("done"); }).submit();
    agent.keeping.approve(ticket.request_id());
    CHECK(ticket.get() == "done");
    agent.storage->flush();
    CHECK(agent.storage->find(ticket.request_id())->run_note == "done");
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("A result that JSON cannot hold is nobody's loss") {
    const Keeping agent;
    static_cast<void>(agent.keeping.guard("free", {}, [] { return Secretive(); })());
    CHECK(agent.note().empty());
    CHECK(*agent.keeping.guard("free", {}, [] { return std::make_unique<int>(3); })() == 3);
    CHECK(agent.note().empty());
    agent.keeping.guard("free", {}, [] {})();
    CHECK(agent.note().empty());
    CHECK(agent.keeping.guard("free", {}, [] { return std::string("\xff"); })() == "\xff");
    CHECK(agent.note() == "its result cannot be shown");
    CHECK(agent.keeping.guard("held", {}, [] { return std::string(40'000, 'a'); }).submit().request_id().size() == 36);
    const std::string large = agent.keeping.guard("free", {}, [] { return std::string(40'000, 'a'); })();
    CHECK(large.size() == 40'000);
    CHECK(agent.note().size() <= maximum_outcome_note_bytes);
    CHECK_THAT(agent.note(), StartsWith("aaaa") && ContainsSubstring("bytes"));
}

TEST_CASE("Without being asked to, a kit keeps no result") {
    const GuardingAgent agent;
    CHECK(agent.kit.guard("free", {}, [] { return 7; })() == 7);
    CHECK_FALSE(agent.last_entry().reviewer_notes);
    Tools tools(agent.kit);
    tools.add("free", {}, [] { return 7; });
    CHECK(tools.call("free", "").value() == 7);
    CHECK_FALSE(agent.last_entry().reviewer_notes);
}
