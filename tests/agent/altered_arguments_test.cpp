// What a reviewer was shown is compared with what runs at the last moment, for types that hide what they refer to.
#include "approvekit/approvekit.hpp"

#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// No compiler sees that this refers to a text that somebody else owns.
struct Recipient {
    std::string_view address;
};

void to_json(Json& json, const Recipient& recipient) {
    json = std::string(recipient.address);
}

/// No compiler sees that its copies share the amount.
struct Transfer {
    std::shared_ptr<std::atomic<int>> cents = std::make_shared<std::atomic<int>>(10);
};

void to_json(Json& json, const Transfer& transfer) {
    json = {{"cents", transfer.cents->load()}};
}

/// Is shown as a different text each time.
struct Counting {
    std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);
};

void to_json(Json& json, const Counting& counting) {
    json = ++*counting.asked;
}

/// Can be shown only once.
struct Fading {
    std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);
};

void to_json(Json& json, const Fading& fading) {
    if (++*fading.asked > 1) throw std::runtime_error("gone");
    json = "shown";
}

/// Takes over only a part of what is assigned to it.
struct Stubborn {
    int shown = 1;
    int kept = 1;
    Stubborn() = default;
    Stubborn(const Stubborn&) = default;
    Stubborn& operator=(const Stubborn& other) {
        shown = other.shown;
        return *this;
    }
};

void to_json(Json& json, const Stubborn& stubborn) {
    json = {stubborn.shown, stubborn.kept};
}

void check_audited_as_altered(const GuardingAgent& agent, AuditEvents events) {
    events.push_back(AuditEvent::refused);
    CHECK(agent.events() == events);
    CHECK_THAT(agent.last_entry().reviewer_notes.value_or(""),
               ContainsSubstring("altered: ") && ContainsSubstring("argument"));
}

void check_refused_as_altered(const GuardingAgent& agent, AuditEvents events) {
    check_audited_as_altered(agent, std::move(events));
    CHECK(agent.storage->verify_audit().intact());
}

}  // namespace

TEST_CASE("H51 a view within a type of the caller's that changes while its call waits does not run") {
    const GuardingAgent agent;
    std::string buffer = "ana@example.com";
    std::string sent_to;
    auto send = agent.kit.guard("held", {"to"}, [&](const Recipient& to) { sent_to = to.address; });
    const auto change = [&] { buffer = "eve@example.com"; };
    SECTION("a call that blocks") {
        std::jthread caller([&] { CHECK_THROWS_AS(send(Recipient{buffer}), RequestAlteredError); });
        const std::string id = agent.pending().id;
        change();
        agent.kit.approve(id);
    }
    SECTION("a ticket") {
        auto ticket = send.submit(Recipient{buffer});
        CHECK(agent.pending().tool_args == Json{{"to", "ana@example.com"}});
        change();
        agent.kit.approve(ticket.request_id());
        CHECK(ticket.attempt().refusal().code == ErrorCode::altered);
    }
    SECTION("a tool whose parameter types are open") {
        auto open = agent.kit.guard("held", {"to"}, [&](const auto& to) { sent_to = to.address; });
        auto ticket = open.submit(Recipient{buffer});
        change();
        agent.kit.approve(ticket.request_id());
        CHECK_THROWS_WITH(ticket.get(), ContainsSubstring("held") && ContainsSubstring("argument"));
    }
    CHECK(sent_to.empty());
    check_refused_as_altered(agent, {AuditEvent::approved});
    CHECK(agent.storage->list({std::nullopt, 1, ""}).requests.front().run == RunState::none);
}

TEST_CASE("H51 a shared object that changes between the policy's answer and the start does not run") {
    const GuardingAgent agent;
    int paid = 0;
    auto pay = agent.kit.guard("free", {"transfer"}, [&](const Transfer& transfer) { paid = *transfer.cents; });
    const Transfer transfer;
    auto ticket = pay.submit(transfer);
    *transfer.cents = 1'000'000;
    CHECK_THROWS_AS(ticket.get(), RequestAlteredError);
    CHECK(paid == 0);
    check_refused_as_altered(agent, {AuditEvent::approved});
}

TEST_CASE("H51 arguments that are other JSON each time, or none any more, do not run") {
    const GuardingAgent agent;
    bool ran = false;
    SECTION("another value each time") {
        CHECK_THROWS_AS(agent.kit.guard("free", {"value"}, [&](const Counting&) { ran = true; })(Counting{}),
                        RequestAlteredError);
    }
    SECTION("a value once only") {
        CHECK_THROWS_AS(agent.kit.guard("free", {"value"}, [&](const Fading&) { ran = true; })(Fading{}),
                        RequestAlteredError);
    }
    CHECK_FALSE(ran);
    check_refused_as_altered(agent, {AuditEvent::approved});
}

TEST_CASE("H51 where a tool takes the caller's object, that very object is compared") {
    const GuardingAgent agent;
    int seen = 0;
    auto tool = agent.kit.guard("held", {"object"}, [&](Stubborn& object) { seen = object.kept; });
    Stubborn object;
    std::jthread caller([&] { CHECK_THROWS_AS(tool(object), RequestAlteredError); });
    const std::string id = agent.pending().id;
    object.kept = 2;
    agent.kit.approve(id);
    caller.join();
    CHECK(seen == 0);
    check_refused_as_altered(agent, {AuditEvent::approved});
}

TEST_CASE("H51 arguments that stay what they are run, whatever their type") {
    const GuardingAgent agent;
    std::string out = "a";
    agent.kit.guard("free", {"text", "view", "letters"},
                    [](std::string& text, std::string_view, const char*) { text += "b"; })(out, "view", "letters");
    CHECK(out == "ab");
    CHECK(agent.kit.guard("free", [](const Json& json) { return json.at("n").get<double>(); })({{"n", 0.1}}) == 0.1);
    CHECK(agent.kit.call("free", R"({"n": 1e3})", [](const Json& json) { return json.at("n").get<double>(); }) == 1000);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed, AuditEvent::approved,
                                        AuditEvent::executed, AuditEvent::approved, AuditEvent::executed});
}

TEST_CASE("G2 H51 a permit starts the arguments that were submitted and no others") {
    const GuardingAgent agent;
    const std::string name = GENERATE("free", "held");
    const Json submitted = {{"to", "ana"}, {"cents", 10}};
    PendingCall call = agent.kit.submit(name, submitted);
    if (name == "held") agent.kit.approve(call.request_id());
    Permit permit = call.wait();
    SECTION("the same, in other words") {
        permit.start(Json::parse(R"({"cents": 10, "to": "ana"})"));
        permit.executed();
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    }
    SECTION("others") {
        const Json other = GENERATE(Json{{"to", "ana"}, {"cents", 1000}}, Json{{"to", "ana"}, {"cents", 10.5}},
                                    Json{{"to", "ana"}}, Json(), Json{{"to", "\xff"}, {"cents", 10}});
        CHECK_THROWS_AS(permit.start(other), RequestAlteredError);
        CHECK_THROWS_AS(permit.start(submitted), MisuseError);
        permit.executed();
        check_refused_as_altered(agent, {AuditEvent::approved});
    }
}

TEST_CASE("G2 G7 H51 arguments with hidden values are compared as they are, and the record tells nothing of them") {
    const GuardingAgent agent;
    PolicyRule rule = GuardingAgent::rule("login", false);
    rule.redact_fields = {"password"};
    const ApproveKit kit(Policy().add_rule(rule), agent.storage);
    Permit permit = kit.admit("login", {{"password", "hunter22"}});
    CHECK_THROWS_WITH(permit.start({{"password", "hunter23"}}), !ContainsSubstring("hunter"));
    check_refused_as_altered(agent, {AuditEvent::approved});
    kit.call("login", R"({"password": "hunter22"})", [](const Json&) {});
    CHECK(agent.last_entry().decision == AuditEvent::executed);
    CHECK_THAT(agent.bytes(), !ContainsSubstring("hunter2"));
}

TEST_CASE("H51 a request whose row is gone when its arguments turn out altered is refused and audited all the same") {
    const GuardingAgent agent;
    PendingCall call = agent.kit.submit("held", {{"cents", 10}});
    agent.kit.approve(call.request_id());
    Permit permit = call.wait();
    agent.shell("DELETE FROM approval_requests");
    CHECK_THROWS_AS(permit.start({{"cents", 1000}}), RequestAlteredError);
    check_audited_as_altered(agent, {AuditEvent::approved});
    // The same entry tells that another program removed the row, so a verification knows it too.
    CHECK_THAT(agent.last_entry().reviewer_notes.value_or(""), ContainsSubstring("its row is gone from the database"));
    CHECK(agent.storage->verify_audit().intact());
}
