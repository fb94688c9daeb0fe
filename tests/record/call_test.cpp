// What an agent says about a call besides its arguments.
#include "approvekit/call.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/tools.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/guarding_agent.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const Call whole{.requested_by = "ana",
                 .why = "the refund was promised",
                 .conversation = "c-7",
                 .environment = "staging",
                 .tags = {"refund"},
                 .idempotency_key = "k-1"};

Json context_in(const Json& metadata) {
    return metadata.value(context_key, Json());
}

/// The metadata of the last call that the policy allowed.
Json allowed_metadata(const GuardingAgent& agent) {
    agent.storage->flush();
    for (const AuditEntry& entry : agent.storage->audit({}).entries) {
        if (entry.decision == AuditEvent::approved && entry.request_id == auto_request_id) return entry.metadata;
    }
    return Json::object();
}

}  // namespace

TEST_CASE("The context of a call is on record, and the digest of the view covers it") {
    const GuardingAgent agent;
    const Json context = {{"requested_by", "ana"}, {"why", "the refund was promised"},
                          {"conversation", "c-7"}, {"environment", "staging"},
                          {"tags", {"refund"}},    {"idempotency_key", "k-1"}};
    CHECK(context_of(whole) == context);
    auto ticket = agent.kit.guard("held", {"n"}, [](int) {}).with(whole).submit(1);
    ApprovalRequest request = agent.pending();
    CHECK(context_in(request.metadata) == context);
    CHECK(request.view_digest == view_digest(request));
    const std::string signed_text = DecisionStatement::on(request, Decision{}).text();
    request.metadata[context_key]["why"] = "another";
    CHECK(request.view_digest != view_digest(request));
    CHECK(DecisionStatement::on(request, Decision{}).text() != signed_text);
    agent.kit.approve(ticket.request_id());
    ticket.get();
    agent.storage->flush();
    for (const AuditEntry& entry : agent.storage->audit({}).entries) {
        if (entry.decision == AuditEvent::approved) CHECK(context_in(entry.metadata) == context);
    }
    Call second = whole;
    second.idempotency_key = "k-2";
    agent.kit.guard("free", {"n"}, [](int) {}).with(second)(1);
    CHECK(context_in(allowed_metadata(agent)) == context_of(second));
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("Every form of call takes a context") {
    const GuardingAgent agent;
    const ApproveKit kit = agent.kit.with(whole);
    SECTION("call") {
        kit.call("free", "{}", [](const Json&) {});
    }
    SECTION("try_call") {
        CHECK(kit.try_call("free", "{}", [](const Json&) {}));
    }
    SECTION("submit") {
        kit.submit("free", Json::object()).wait().executed();
    }
    SECTION("a JSON tool") {
        agent.kit.guard("free", [](const Json&) {}).with(whole)(Json());
    }
    SECTION("a generic tool") {
        agent.kit.guard("free", {"n"}, [](auto) {}).with(whole)(1);
    }
    SECTION("a registered tool") {
        Tools tools(agent.kit);
        tools.add("free", {}, [] {});
        CHECK(tools.with(whole).call("free", ""));
    }
    CHECK(context_in(allowed_metadata(agent)) == context_of(whole));
    agent.kit.call("free", "{}", [](const Json&) {});
    CHECK(context_in(allowed_metadata(agent)).is_null());
}

TEST_CASE("A kit has an environment and tags for all of its calls") {
    const GuardingAgent agent;
    ApproveKit::Options options;
    options.environment = "production";
    options.tags = {"nightly"};
    const ApproveKit kit(agent.kit.policy(), agent.storage, options);
    auto tool = kit.guard("held", {}, [] {});
    const auto plain = tool.submit();
    CHECK(context_in(agent.storage->find(plain.request_id())->metadata) ==
          Json{{"environment", "production"}, {"tags", {"nightly"}}});
    const auto own = tool.with(whole).submit();
    const Json context = context_in(agent.storage->find(own.request_id())->metadata);
    CHECK(context.at("environment") == "staging");
    CHECK(context.at("tags") == Json{"nightly", "refund"});
    options.tags.assign(17, "many");
    CHECK(error_code_of([&] { ApproveKit(Policy(), agent.storage, options); }) == ErrorCode::invalid_arguments);
}

TEST_CASE("The limits of a call can only be stricter than the policy's") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("held", {}, [] {});
    const auto limits_of = [&](const Call& call) {
        const auto ticket = tool.with(call).submit();
        const ApprovalRequest request = *agent.storage->find(ticket.request_id());
        CHECK(request.metadata.at("timeout") ==
              std::chrono::duration_cast<std::chrono::seconds>(*request.deadline - request.created_at).count());
        return std::pair(request.metadata.at("timeout").get<int>(), request.risk_level());
    };
    CHECK(limits_of({}) == std::pair(30, std::string("low")));
    CHECK(limits_of({.timeout = 5s, .risk_level = "critical"}) == std::pair(5, std::string("critical")));
    CHECK(limits_of({.timeout = 1h, .risk_level = "low"}) == std::pair(30, std::string("low")));
    CHECK(error_code_of([&] { static_cast<void>(limits_of({.timeout = 0s})); }) == ErrorCode::invalid_option);
    CHECK(error_code_of([&] { static_cast<void>(limits_of({.risk_level = "huge"})); }) == ErrorCode::invalid_option);

    PolicyRule own = GuardingAgent::rule("held", true);
    own.risk_level = "high";
    const ApproveKit strict(Policy().add_rule(own), agent.storage);
    const auto ticket = strict.guard("held", {}, [] {}).with(Call{.risk_level = "medium"}).submit();
    CHECK(agent.storage->find(ticket.request_id())->risk_level() == "high");
}

TEST_CASE("A context has caps, and is text") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("held", {}, [] {});
    const auto code_of = [&](const Call& call) {
        return error_code_of([&] { static_cast<void>(tool.with(call).submit()); });
    };
    CHECK(code_of({.requested_by = std::string(257, 'a')}) == ErrorCode::invalid_arguments);
    CHECK(code_of({.tags = std::vector<std::string>(17, "a")}) == ErrorCode::invalid_arguments);
    CHECK(code_of({.tags = {""}}) == ErrorCode::invalid_arguments);
    CHECK(code_of({.why = "\xff"}) == ErrorCode::invalid_arguments);
    CHECK(code_of({.why = std::string(70'000, 'a')}) == ErrorCode::invalid_arguments);
    CHECK(agent.events().empty());
    const auto ticket = tool.with(Call{.why = std::string(5000, 'a')}).submit();
    const std::string why = context_in(agent.storage->find(ticket.request_id())->metadata).at("why");
    CHECK(why.size() <= 4096);
    CHECK_THAT(why, StartsWith("aaaa") && ContainsSubstring("bytes"));
}

TEST_CASE("A context is redacted as arguments are") {
    const GuardingAgent agent;
    PolicyRule rule = GuardingAgent::rule("held", true);
    rule.redact_fields = {"pin", "conversation"};
    const ApproveKit kit(Policy().add_rule(rule), agent.storage);
    const std::string secret = "hunter2-hunter2";
    const auto ticket =
        kit.guard("held", {"pin"}, [](const std::string&) {})
            .with(Call{.why = std::string(4090, 'a') + " " + secret, .conversation = "c-7", .tags = {secret}})
            .submit(secret);
    const Json context = context_in(agent.storage->find(ticket.request_id())->metadata);
    CHECK(context.at("conversation") == "[REDACTED]");
    CHECK(context.at("tags") == Json{"[REDACTED]"});
    CHECK_THAT(context.dump(), !ContainsSubstring("hunter"));
}

TEST_CASE("G7 what is hidden of a context is hidden wherever else the call has it") {
    const GuardingAgent agent;
    PolicyRule rule = GuardingAgent::rule("held", true);
    rule.redact_fields = {"requested_by"};
    std::string told;
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { told += event.text + '\n'; };
    const ApproveKit kit(Policy().add_rule(rule), agent.storage, options);
    auto ticket =
        kit.guard("held", {"to"}, [](const std::string& to) { throw std::runtime_error("no such box: " + to); })
            .with(Call{.requested_by = "ana@example.com"})
            .submit("ana@example.com");
    CHECK(agent.storage->find(ticket.request_id())->tool_args == Json{{"to", "[REDACTED]"}});
    kit.approve(ticket.request_id(), {.notes = "fine for ana@example.com", .reviewer = "ben"});
    CHECK_THROWS_WITH(ticket.get(), ContainsSubstring("ana@example.com"));  // the caller's own error
    CHECK(agent.last_entry().reviewer_notes == "no such box: [REDACTED]");
    CHECK(agent.storage->find(ticket.request_id())->reviewer_notes == "fine for [REDACTED]");
    CHECK_THAT(told, ContainsSubstring("no such box") && !ContainsSubstring("ana@example.com"));
}

TEST_CASE("A call within one that came to nothing is refused") {
    const GuardingAgent agent;
    auto outer = agent.kit.guard("held", {}, [] {}).submit();
    int runs = 0;
    const Call within{.parent = outer.request_id()};
    const auto free = agent.kit.guard("free", {}, [&] { ++runs; }).with(within);
    const auto held = agent.kit.guard("held", {}, [&] { ++runs; }).with(within);
    SECTION("that was rejected before") {
        agent.kit.reject(outer.request_id());
        CHECK_THAT(free.attempt().refusal().message,
                   StartsWith("free was cancelled: the call within which it was made ended as rejected"));
        CHECK(held.attempt().refusal().code == ErrorCode::cancelled);
    }
    SECTION("that was given up while it waited") {
        auto inner = held.submit();
        outer.cancel();
        agent.kit.approve(inner.request_id());
        CHECK_THAT(inner.attempt().refusal().message, ContainsSubstring("ended as cancelled"));
    }
    SECTION("that was rejected after this one was allowed and before it started") {
        auto inner = free.submit();
        agent.kit.reject(outer.request_id());
        CHECK_THAT(inner.attempt().refusal().message, ContainsSubstring("ended as rejected"));
        CHECK(agent.last_entry().decision == AuditEvent::refused);
        CHECK_THROWS_AS(inner.get(), ApprovalCancelledError);
    }
    SECTION("whose id the policy hides") {
        PolicyRule rule = GuardingAgent::rule("held", true);
        rule.redact_fields = {"parent"};
        const ApproveKit hiding(Policy().add_rule(rule), agent.storage);
        auto inner = hiding.guard("held", {}, [&] { ++runs; }).with(within).submit();
        hiding.approve(inner.request_id());
        agent.kit.reject(outer.request_id());
        CHECK_THAT(inner.attempt().refusal().message, ContainsSubstring("ended as rejected"));
    }
    SECTION("that nobody knows") {
        CHECK_THAT(agent.kit.guard("free", {}, [&] { ++runs; }).with(Call{.parent = "x"}).attempt().refusal().message,
                   ContainsSubstring("is not on record"));
    }
    CHECK(runs == 0);
    SECTION("and one that stands is no hindrance") {
        agent.kit.approve(outer.request_id());
        free();
        CHECK(runs == 1);
    }
}

TEST_CASE("Arguments keep the order of their author") {
    const GuardingAgent agent;
    const auto order_of = [&](const auto& ticket) {
        return agent.storage->find(ticket.request_id())->metadata.value(argument_order_key, Json());
    };
    const auto ticket = agent.kit.guard("held", {"to", "subject", "body"}, [](int, int, int) {}).submit(1, 2, 3);
    CHECK(order_of(ticket) == Json{"to", "subject", "body"});
    const auto sorted = agent.kit.guard("held", {"a", "b"}, [](int, int) {}).submit(1, 2);
    CHECK(order_of(sorted).is_null());
    Tools tools(agent.kit);
    tools.add("held", {"to", "amount"}, [](int, int) {});
    const auto called = tools.submit("held", R"({"amount": 1, "to": 2})");
    CHECK(order_of(called) == Json{"to", "amount"});
    agent.kit.guard("free", {"b", "a"}, [](int, int) {})(1, 2);
    CHECK(allowed_metadata(agent).at(argument_order_key) == Json{"b", "a"});
}
