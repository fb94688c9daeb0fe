#include "approvekit/policy.hpp"
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

std::vector<std::string> shuffled_names() {
    std::vector<std::string> names;
    for (int i = 0; i < rule_count; ++i)
        names.push_back(tool_number(i));
    std::shuffle(names.begin(), names.end(), std::minstd_rand(1));
    return names;
}

}  // namespace

void measure_policy(const Setting& setting, Report& report) {
    const Policy policy = large_policy();
    const std::vector<std::string> names = shuffled_names();
    Samples samples;
    for (int round = 0; round < setting.rounds(2000, 500); ++round) {
        std::size_t allowed = 0;
        const auto start = Clock::now();
        for (const std::string& name : names)
            allowed += policy.evaluate(name).action == Action::allow ? 1U : 0U;
        samples.add((Clock::now() - start) / rule_count);
        if (allowed != names.size()) throw std::logic_error("the policy did not allow what it ought to");
    }
    report.add(
        duration("policy evaluation, 1,000 exact rules", samples.median(), samples, std::chrono::nanoseconds{50}));
}

}  // namespace approvekit::bench
