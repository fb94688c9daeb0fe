#include "approvekit/policy.hpp"
#include "approvekit/error.hpp"
#include "setting.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace approvekit::bench {
namespace {

constexpr int rule_count = 1000;

std::string tool_number(int number) {
    return "tool_number_" + std::to_string(number);
}

Policy large_policy() {
    Json rules = Json::array();
    for (int i = 0; i < rule_count; ++i)
        rules.push_back({{"tool", tool_number(i)}, {"auto_approve", true}});
    return Policy::from_json({{"rules", rules}});
}

std::string server_tool(int number) {
    return "mcp__server_" + std::to_string(number) + "__read_text";
}

/// A thousand names with stars, of which one or two match each tool.
Policy policy_of_globs() {
    Json rules = Json::array();
    for (int i = 0; i < rule_count; ++i) {
        const std::string number = std::to_string(i);
        const std::string name = i % 2 == 0 ? "mcp__server_" + number + "__*" : "*_" + number + "__read_text";
        rules.push_back({{"tool", name}, {"auto_approve", true}});
    }
    return Policy::from_json({{"rules", rules}});
}

Policy policy_of_conditions() {
    const Json when = {{"args.amount", {{"gte", 0}, {"lte", 10'000}}},
                       {"args.to", {{"email", {{"domain_in", {"example.com", "*.example.org"}}}}}},
                       {"args.kind", {{"in", {"invoice", "refund", "salary"}}}},
                       {"args.memo", {{"length", {{"lte", 400}}}}},
                       {"agent", {{"matches", "bench*"}}}};
    return Policy::from_json({{"rules", Json::array({{{"tool", "pay"}, {"auto_approve", true}, {"when", when}}})}});
}

/// 500 bytes as JSON.
Json payment() {
    return {{"amount", 4999.5},
            {"to", "ann@example.com"},
            {"kind", "salary"},
            {"memo", std::string(390, 'x')},
            {"iban", "DE02120300000000202051"},
            {"reference", 12'345}};
}

std::vector<std::string> shuffled(std::string (*name)(int)) {
    std::vector<std::string> names;
    for (int i = 0; i < rule_count; ++i)
        names.push_back(name(i));
    std::shuffle(names.begin(), names.end(), std::minstd_rand(1));
    return names;
}

/// How long the evaluation of one call takes, measured over a thousand calls at a time.
template <typename Evaluate>
Samples evaluations(int rounds, const std::vector<std::string>& names, Evaluate evaluate) {
    Samples samples;
    for (int round = 0; round < rounds; ++round) {
        std::size_t allowed = 0;
        const auto start = Clock::now();
        for (const std::string& name : names)
            allowed += evaluate(name).action == Action::allow ? 1U : 0U;
        samples.add((Clock::now() - start) / rule_count);
        if (allowed != names.size()) throw std::logic_error("the policy did not allow what it ought to");
    }
    return samples;
}

/// A file of 424 kB in which a policy knows no key.
std::string text_of_unknown_keys() {
    std::string text = "rules:\n- tool: x\n";
    for (int i = 0; i < 15'000; ++i)
        text += "  require_aproval" + std::to_string(i) + ": true\n";
    return text;
}

Samples refusals(int rounds, const std::string& text) {
    Samples samples;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        try {
            static_cast<void>(Policy::from_yaml_text(text));
            throw std::logic_error("the policy was taken, which it ought not to be");
        } catch (const PolicyError&) {
            samples.add(Clock::now() - start);
        }
    }
    return samples;
}

}  // namespace

void measure_policy(const Setting& setting, Report& report) {
    using std::chrono::nanoseconds;
    const int rounds = setting.rounds(2000, 500);
    const Policy exact = large_policy();
    const Samples by_name =
        evaluations(rounds, shuffled(tool_number), [&](auto& name) { return exact.evaluate(name); });
    report.add(duration("policy evaluation, 1,000 exact rules", by_name.median(), by_name, nanoseconds{50}));

    const Policy globs = policy_of_globs();
    const Samples by_glob =
        evaluations(rounds, shuffled(server_tool), [&](auto& name) { return globs.evaluate(name); });
    report.add(duration("policy evaluation, 1,000 names with stars", by_glob.median(), by_glob, nanoseconds{1000}));

    const Policy conditions = policy_of_conditions();
    const Json arguments = payment();
    const CallFacts facts{
        .arguments = arguments, .context = arguments, .agent = "bench 1", .environment = {}, .time = {}};
    const std::vector<std::string> calls(rule_count, "pay");
    const Samples judged = evaluations(rounds, calls, [&](auto& name) { return conditions.evaluate(name, facts); });
    report.add(duration("policy evaluation, five conditions, 500 bytes", judged.median(), judged, nanoseconds{2000}));

    const Samples refused = refusals(10, text_of_unknown_keys());
    report.add(duration("refusing a policy of 15,000 unknown keys (H44)", refused.median(), refused,
                        std::chrono::milliseconds{100}));
}

}  // namespace approvekit::bench
