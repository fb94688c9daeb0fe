// Limits on what a rule lets start: how they are read, what is wrong with them, and what a call takes of one.
#include "policy/limit.hpp"

#include "approvekit/policy.hpp"
#include "approvekit/policy_diff.hpp"
#include "approvekit/policy_explanation.hpp"
#include "support/catch.hpp"
#include "support/policy_problem_texts.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string policy_with(const std::string& rest) {
    return "rules: [{tool: pay, " + rest + "}]\n";
}

PolicyRule limited_to(const std::string& limit, const std::string& rest = "") {
    return Policy::from_yaml_text(policy_with("limit: {" + limit + "}" + rest)).rules().front();
}

Texts faults_of_limit(const std::string& limit, const std::string& rest = "") {
    return yaml_problems(policy_with("limit: {" + limit + "}" + rest));
}

std::string fault_of_limit(const std::string& limit, const std::string& rest = "") {
    const Texts faults = faults_of_limit(limit, rest);
    return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
}

LimitUse use_shown(const PolicyRule& rule, const policy::CallParts& shown, const policy::CallParts& judged) {
    const std::string limit = policy::limit_id(rule);
    Ruling ruling;
    ruling.rule = &rule;
    ruling.limit = &limit;
    return policy::limit_use(ruling, shown, judged).value();
}

LimitUse use_of(const PolicyRule& rule, const std::string& arguments, const Json& context = nullptr) {
    const Json parsed = Json::parse(arguments);
    const policy::CallParts call{parsed, context};
    return use_shown(rule, call, call);
}

/// Returns nothing for an amount that is beyond any limit.
std::optional<std::int64_t> taken(const std::string& amount) {
    const LimitUse use = use_of(limited_to("sum: args.amount, max: 50000, per: 24h"), "{\"amount\": " + amount + "}");
    return use.is_measured ? std::optional(use.amount) : std::nullopt;
}

}  // namespace

TEST_CASE("a rule limits how many calls start, or what they come to") {
    const PolicyLimit calls = limited_to("calls: 20, per: 1h").limit.value();
    CHECK(calls.calls == 20);
    CHECK(calls.per == 3600s);
    CHECK(calls.beyond == Beyond::hold);
    const PolicyRule summing =
        limited_to("sum: args.amount, max: 50000, per: 24h, by: context.requested_by, beyond: deny");
    CHECK(summing.limit->sum == "args.amount");
    CHECK(summing.limit->max == 50000);
    CHECK(summing.limit->by == "context.requested_by");
    CHECK(summing.limit->beyond == Beyond::deny);
    const Policy policy = Policy().add_rule(summing);
    CHECK(Policy::from_json(policy.as_json()).digest() == policy.digest());
    CHECK(policy.digest() != Policy().add_rule(limited_to("sum: args.amount, max: 50001, per: 24h")).digest());
}

TEST_CASE("a limit that is not understood is refused with its place") {
    CHECK_THAT(fault_of_limit("calls: 20"), ContainsSubstring("rules[0].limit: has no per"));
    CHECK_THAT(fault_of_limit("per: 1h"), ContainsSubstring("has no calls and no sum"));
    CHECK_THAT(fault_of_limit("calls: 1, sum: args.a, max: 1, per: 1h"), ContainsSubstring("a rule has one limit"));
    CHECK_THAT(fault_of_limit("sum: args.a, per: 1h"), ContainsSubstring("has no max"));
    CHECK_THAT(fault_of_limit("calls: 1, max: 1, per: 1h"), ContainsSubstring("has a max and no sum"));
    for (const char* calls : {"0", "-1", "1.5", "1000001", "\"20\"", "true"})
        CHECK_THAT(fault_of_limit(std::string("per: 1h, calls: ") + calls),
                   ContainsSubstring("rules[0].limit.calls: expected"));
    for (const char* max : {"0", "-1", "0.0000001", "1000000001", "\"5\"", "1e300"})
        CHECK_THAT(fault_of_limit(std::string("per: 1h, sum: args.a, max: ") + max),
                   ContainsSubstring("rules[0].limit.max: expected"));
    for (const char* sum : {"amount", "args", "agent", "args.", "context"})
        CHECK_THAT(fault_of_limit(std::string("per: 1h, max: 1, sum: ") + sum),
                   ContainsSubstring("is nothing to count"));
    CHECK_THAT(fault_of_limit("calls: 1, per: 8d"), ContainsSubstring("rules[0].limit.per: expected"));
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h, beyond: ask"), ContainsSubstring("expected hold or deny"));
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h, beyon: deny"), ContainsSubstring("did you mean \"beyond\"?"));
}

TEST_CASE("a limit stands beside what lets a call run, and holds only what is not held anyway") {
    CHECK(faults_of_limit("calls: 1, per: 1h", ", auto_approve: true").empty());
    CHECK(faults_of_limit("calls: 1, per: 1h, beyond: deny", ", require_approval: true").empty());
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h", ", require_approval: true"),
               ContainsSubstring("write beyond: deny"));
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h", ", deny: never"), ContainsSubstring("limits nothing"));
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h, beyond: deny", ", require_approval: true, observe: true"),
               ContainsSubstring("limits nothing"));
}

TEST_CASE("G7 a limit over what is hidden is refused, whichever rule of the name hides it") {
    for (const char* field : {"amount", "Amount", "order.amount", "order", "order.amount.cents"}) {
        CHECK_THAT(
            fault_of_limit("sum: args.order.amount, max: 1, per: 1h", std::string(", redact_fields: [") + field + "]"),
            ContainsSubstring("which redact_fields hides"));
    }
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h, by: context.user", ", redact_fields: [user]"),
               ContainsSubstring("rules[0].limit.by: counts \"context.user\", which redact_fields hides"));
    CHECK(faults_of_limit("sum: args.order.amount, max: 1, per: 1h", ", redact_fields: [total]").empty());
    CHECK(yaml_problems("rules: [{tool: pay, limit: {calls: 1, per: 1h, by: args.user}},\n"
                        "  {tool: pay, when: {args.a: {equals: 1}}, redact_fields: [user]}]\n")
              .size() == 1);
    Policy policy;
    policy.add_rule(limited_to("calls: 1, per: 1h, by: args.user"));
    PolicyRule hiding{.tool = "pay", .redact_fields = {"user"}, .when = Json::parse(R"({"args.a": {"equals": 1}})")};
    CHECK_THROWS_AS(policy.add_rule(hiding), PolicyError);
    CHECK(policy.rules().size() == 1);
}

TEST_CASE("amounts count exactly, to the millionth") {
    CHECK(taken("1") == 1'000'000);
    CHECK(taken("0") == 0);
    CHECK(taken("0.1") == 100'000);
    CHECK(taken("0.000001") == 1);
    CHECK(taken("12.34") == 12'340'000);
    CHECK(taken("4.35") == 4'350'000);
    CHECK(taken("-0.0") == 0);
    CHECK(taken("2000000000") == 2'000'000'000'000'000);
}

TEST_CASE("what is missing, no number, negative, finer or larger than what counts is beyond every limit") {
    for (const char* amount : {"null", "\"5\"", "true", "[1]", "{}", "-1", "-0.5", "0.0000001", "1.0000001", "1e13",
                               "1e300", "18446744073709551615", "2000000001", "2000000000.5"}) {
        INFO(amount);
        CHECK_FALSE(taken(amount));
    }
    const PolicyRule rule = limited_to("sum: args.amount, max: 50000, per: 24h");
    CHECK_FALSE(use_of(rule, "{}").is_measured);
    CHECK_FALSE(use_of(rule, "[]").is_measured);
    CHECK(use_of(rule, R"({"amount": -5})").amount == 0);
    CHECK(use_of(rule, R"({"amount": "[REDACTED]"})").amount == 0);
    CHECK(use_of(rule, R"({"amount": 1.0000001})").amount == 1'000'001);
    CHECK(use_of(rule, R"({"amount": 1e300})").amount == 2'000'000'000'000'000);
    CHECK_FALSE(use_of(rule, "{}").fits_alone());
    CHECK_FALSE(use_of(rule, R"({"amount": 50000.000001})").fits_alone());
    CHECK(use_of(rule, R"({"amount": 50000})").fits_alone());
}

TEST_CASE("G7 a call that shows another amount or another value than it has is beyond every limit, and says why") {
    const PolicyRule rule = limited_to("sum: args.amount, max: 10, per: 1h, by: args.to");
    const Json none;
    const Json whole{{"amount", 5}, {"to", "ann"}};
    const auto use = [&](const Json& shown) { return use_shown(rule, {shown, none}, {whole, none}); };
    CHECK(use(Json(whole)).is_measured);
    const LimitUse other_value = use({{"amount", 5}, {"to", "[REDACTED]"}});
    CHECK_FALSE(other_value.is_measured);
    CHECK(other_value.words == "args.to holds what redact_fields hides, so that no limit can count by it");
    CHECK(other_value.bucket == "\"[REDACTED]\"");
    const LimitUse other_amount = use({{"amount", 4}, {"to", "ann"}});
    CHECK_FALSE(other_amount.is_measured);
    CHECK(other_amount.words == "args.amount holds what redact_fields hides, so that no limit can count by it");
}

TEST_CASE("G7 explain counts by what the record would show") {
    const Policy policy = Policy::from_yaml_text(
        policy_with("redact_fields: [pin], limit: {calls: 5, per: 1h, by: context.requested_by, beyond: deny}"));
    const auto limit_of = [&](const std::string& pin) {
        const Json arguments{{"pin", pin}};
        const Json context{{"requested_by", "ann.smith"}};
        return policy
            .explain("pay",
                     CallFacts{.arguments = arguments, .context = context, .agent = {}, .environment = {}, .time = {}})
            .limit.value();
    };
    CHECK(limit_of("4711-0815").bucket == "\"ann.smith\"");
    CHECK(limit_of("4711-0815").is_measured);
    CHECK_FALSE(limit_of("smith").is_measured);
}

TEST_CASE("G7 a rule that holds what no rule of a narrower name matches counts nothing that such a rule hides") {
    const std::string wide =
        "  - {tool: 'pay*', require_approval: true, limit: {sum: args.amount, max: 1, per: 1h, "
        "beyond: deny}}\n";
    const auto problems_beside = [&](const std::string& rule) { return yaml_problems("rules:\n" + wide + rule); };
    const Texts found = problems_beside(
        "  - {tool: pay_card, auto_approve: true, when: {args.a: {equals: 1}}, redact_fields: [amount]}\n");
    REQUIRE(found.size() == 1);
    CHECK_THAT(found.front(),
               ContainsSubstring("rules[0].limit.sum: counts \"args.amount\", which redact_fields hides"));
    CHECK(problems_beside("  - {tool: 'pay_*', require_approval: true, when: {args.a: {equals: 1}}, redact_fields: "
                          "[amount]}\n")
              .size() == 1);
    // Each call of the narrower name matches one of its own rules, or the wider rule is for none of these calls.
    CHECK(problems_beside("  - {tool: pay_card, require_approval: true, redact_fields: [amount]}\n").empty());
    CHECK(
        problems_beside("  - {tool: sell, auto_approve: true, when: {args.a: {equals: 1}}, redact_fields: [amount]}\n")
            .empty());
    CHECK(yaml_problems("rules:\n  - {tool: 'pay*', limit: {sum: args.amount, max: 1, per: 1h}}\n"
                        "  - {tool: pay_card, auto_approve: true, when: {args.a: {equals: 1}}, redact_fields: "
                        "[amount]}\n")
              .empty());
}

TEST_CASE("G15 who decides goes beside a limit beyond which calls are held") {
    const std::string people = ", reviewers: [ann, bob], approvals: 2, not_requester: true";
    CHECK(faults_of_limit("calls: 1, per: 1h", people).empty());
    CHECK(faults_of_limit("calls: 1, per: 1h", ", auto_approve: true" + people).empty());
    CHECK_THAT(fault_of_limit("calls: 1, per: 1h, beyond: deny", people),
               ContainsSubstring("or a limit beyond which calls are held"));
    CHECK(policy::limit_text(limited_to("calls: 1, per: 1h", ", reviewers: [ann, bob], approvals: 2")) ==
          ", 1 call in 1 h, beyond that held for approval by 2 of ann, bob");
}

TEST_CASE("calls count by a value, and those without it together") {
    const PolicyRule rule = limited_to("calls: 1, per: 1h, by: context.requested_by");
    const std::string ann = use_of(rule, "{}", {{"requested_by", "ann"}}).bucket;
    CHECK(ann == "\"ann\"");
    CHECK(use_of(rule, "{}", {{"requested_by", "bob"}}).bucket != ann);
    CHECK(use_of(rule, "{}", Json::object()).bucket.empty());
    CHECK(use_of(rule, "{}", {{"requested_by", nullptr}}).bucket.empty());
    CHECK(use_of(rule, "{}", {{"requested_by", ""}}).bucket == "\"\"");
    CHECK(use_of(rule, "{}", {{"requested_by", std::string(5000, 'a')}}).bucket.size() < 100);
    CHECK(use_of(limited_to("calls: 1, per: 1h"), "{}").bucket.empty());
}

TEST_CASE("a limit is the same wherever its rule stands and whatever it comes to") {
    const std::string limit = use_of(limited_to("calls: 20, per: 1h"), "{}").limit;
    CHECK(use_of(limited_to("calls: 30, per: 1h, beyond: deny", ", risk_level: high"), "{}").limit == limit);
    CHECK(use_of(limited_to("calls: 20, per: 2h"), "{}").limit != limit);
    CHECK(use_of(limited_to("calls: 20, per: 1h, by: args.a"), "{}").limit != limit);
    CHECK(use_of(limited_to("sum: args.a, max: 20, per: 1h"), "{}").limit != limit);
    CHECK(use_of(limited_to("calls: 20, per: 1h", ", when: {args.a: {equals: 1}}"), "{}").limit != limit);
    PolicyRule other = limited_to("calls: 20, per: 1h");
    other.tool = "pay2";
    CHECK(use_of(other, "{}").limit != limit);
}

TEST_CASE("a limit is told in words, by check, explain and diff") {
    CHECK(use_of(limited_to("calls: 20, per: 1h"), "{}").words == "20 calls in 1 h are used up");
    CHECK(use_of(limited_to("calls: 1, per: 7d"), "{}").words == "1 call in 7 days is used up");
    const PolicyRule rule = limited_to("sum: args.amount, max: 50000.5, per: 24h");
    CHECK(use_of(rule, R"({"amount": 12.5})").words ==
          "with 12.5 more, args.amount comes to more than 50000.5 in 24 h");
    CHECK_THAT(use_of(rule, R"({"amount": "much"})").words,
               ContainsSubstring("args.amount is not a number from 0 to 2000000000, in millionths at most"));
    CHECK(use_of(rule, R"({"amount": 12.5})").share == "12.5 of 50000.5 in 24 h (args.amount)");
    CHECK(use_of(limited_to("calls: 20, per: 1h"), "{}").share == "1 of 20 calls in 1 h");
    const std::string text = policy::limit_text(limited_to("calls: 20, per: 90s, by: args.to, beyond: deny"));
    CHECK(text == ", 20 calls in 90 s for each args.to, beyond that denied");
    CHECK(policy::limit_text(rule) == ", args.amount up to 50000.5 in 24 h, beyond that held");
    const Policy before = Policy::from_yaml_text(policy_with("limit: {calls: 20, per: 1h}"));
    const Policy after = Policy::from_yaml_text(policy_with("limit: {calls: 30, per: 1h}"));
    CHECK_THAT(to_text(diff_policies(before, after)), ContainsSubstring("pay: limit: "));
}

TEST_CASE("explain judges a limit by what a record says is used, and says that it cannot without one") {
    const Policy policy = Policy::from_yaml_text(policy_with("limit: {sum: args.amount, max: 10, per: 1h}"));
    const Json arguments{{"amount", 4}};
    PolicyExplanation explanation = policy.explain(
        "pay",
        CallFacts{.arguments = arguments, .context = Json::object(), .agent = {}, .environment = {}, .time = Time{}});
    CHECK_THAT(explanation.text(),
               ContainsSubstring("its limit cannot be judged without a record (--db); beyond it the "
                                 "call would be held"));
    CHECK(to_json_view(explanation)["limit"]["used"] == nullptr);
    CHECK(to_json_view(explanation)["limit"]["is_beyond"] == nullptr);
    explanation.limit_used = 6'000'000;
    CHECK_THAT(explanation.text(), ContainsSubstring("6 of 10 of its limit are used, and it takes 4: within it"));
    CHECK(to_json_view(explanation)["limit"]["is_beyond"] == false);
    explanation.limit_used = 6'000'001;
    CHECK_THAT(explanation.text(), ContainsSubstring("beyond it, so that the call would be held"));
    CHECK(to_json_view(explanation)["limit"]["is_beyond"] == true);
    explanation.limit->is_measured = false;
    explanation.limit_used = 0;
    CHECK(explanation.is_beyond_limit() == true);
    CHECK(to_json_view(Policy().explain("pay", CallFacts{.arguments = arguments,
                                                         .context = Json::object(),
                                                         .agent = {},
                                                         .environment = {},
                                                         .time = Time{}}))["limit"] == nullptr);
}

TEST_CASE("what the metadata of a start tells of a limit is read as it was written") {
    const LimitUse use =
        use_of(limited_to("sum: args.amount, max: 5, per: 1h, by: args.to"), R"({"amount": 2, "to": "ann"})");
    const auto read = LimitUse::in({{"limit", to_json_view(use, true)}}).value();
    CHECK(read.limit == use.limit);
    CHECK(read.bucket == use.bucket);
    CHECK(read.amount == use.amount);
    CHECK(read.per == use.per);
    for (const char* other : {"null", "{}", R"({"limit": 5})", R"({"limit": {"id": 1, "millionths": 1, "per": 1}})",
                              R"({"limit": {"id": "a", "millionths": "1", "per": 1}})",
                              R"({"limit": {"id": "a", "millionths": -1, "per": 1}})",
                              R"({"limit": {"id": "a", "millionths": 1, "per": 0}})",
                              R"({"limit": {"id": "a", "millionths": 1, "per": 9223372036854775807}})"})
        CHECK_FALSE(LimitUse::in(Json::parse(other)));
    CHECK(to_json_view_with_share(use).at("share") == use.share);
    CHECK(amount_text(12'500'000) == "12.5");
    CHECK(amount_text(1) == "0.000001");
    CHECK(amount_text(0) == "0");
}
