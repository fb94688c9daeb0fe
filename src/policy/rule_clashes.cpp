#include "policy/rule_clashes.hpp"

#include "policy/document.hpp"
#include "policy/terms.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_rules_of_a_name = 256;

bool matches_when_unknown(const PolicyRule& rule) {
    return action_of(rule) != Action::allow || rule.observe;
}

/// Returns the tests of `when`, all of which must hold, each as a text of its own.
std::set<std::string> tests_in(const Json& when) {
    std::set<std::string> tests;
    if (when.is_null()) return tests;
    for (const auto& [subject, inner] : when.items()) {
        const bool is_joint = subject == "all" || subject == "any" || subject == "not" || subject == "time";
        if (is_joint) {
            tests.insert(subject + " " + inner.dump());
            continue;
        }
        const std::string nfc = inner.value("nfc", false) ? " nfc" : "";
        for (const auto& [test, value] : inner.items()) {
            if (test != "nfc") tests.insert(subject + " " + test + " " + value.dump() + nfc);
        }
    }
    return tests;
}

std::string rule_place(std::size_t index) {
    return child_path("rules", index);
}

using Group = std::vector<std::size_t>;
using Tests = std::set<std::string>;

bool covers_tests(const PolicyRule& first, const Tests& needed, const PolicyRule& second, const Tests& given) {
    if (first.when.is_null()) return true;
    if (second.when.is_null()) return false;
    if (!matches_when_unknown(first) && matches_when_unknown(second)) return false;
    return std::includes(given.begin(), given.end(), needed.begin(), needed.end());
}

/// Returns what is wrong with `rule` next to `other`, which has the same name, or an empty text if nothing is.
std::string clash_of(const std::vector<PolicyRule>& rules, const std::map<std::size_t, Tests>& tests, std::size_t other,
                     std::size_t rule) {
    const bool other_first = other < rule;
    if (rules[rule].when.is_null() && rules[other].when.is_null()) {
        return other_first ? quote(rules[rule].tool) + " has a rule already, " + rule_place(other) +
                                 "; only one of them can count"
                           : "";
    }
    const bool denies_all = action_of(rules[other]) == Action::deny && !rules[other].observe;
    const bool same_calls = covers_tests(rules[other], tests.at(other), rules[rule], tests.at(rule));
    const bool tried_first = denies_all || (other_first && !rules[other].when.is_null());
    const bool denied_as_well = action_of(rules[rule]) == Action::deny && !rules[rule].observe;
    if (!same_calls || !tried_first || (denied_as_well && !other_first)) return {};
    return "can never match: " + rule_place(other) + " matches first whatever call this one is for";
}

void find_in_group(const std::vector<PolicyRule>& rules, const Group& group, std::vector<Clash>& clashes) {
    if (group.size() > most_rules_of_a_name) {
        clashes.push_back({group.back(), ".tool",
                           "there are more than " + std::to_string(most_rules_of_a_name) + " rules of this name"});
        return;
    }
    std::map<std::size_t, Tests> tests;
    for (const std::size_t rule : group)
        tests.emplace(rule, tests_in(rules[rule].when));
    for (const std::size_t rule : group) {
        for (const std::size_t other : group) {
            const std::string message = other == rule ? std::string() : clash_of(rules, tests, other, rule);
            if (message.empty()) continue;
            const bool is_second = message.find("has a rule already") != std::string::npos;
            clashes.push_back({rule, is_second ? ".tool" : "", message});
            break;
        }
    }
}

}  // namespace

bool always_matches_before(const PolicyRule& first, const PolicyRule& second) {
    return covers_tests(first, tests_in(first.when), second, tests_in(second.when));
}

std::vector<Clash> find_clashes(const std::vector<PolicyRule>& rules) {
    std::map<std::string, Group> by_name;  // composed, since two forms of one text are one name
    std::vector<Clash> clashes;
    for (std::size_t index = 0; index < rules.size(); ++index) {
        if (rules[index].tool.empty()) continue;
        Group& group = by_name[text::composed(rules[index].tool)];
        if (!group.empty() && rules[group.front()].tool != rules[index].tool) {
            clashes.push_back({index, ".tool",
                               quote(rules[index].tool) + " has a rule already, " + rule_place(group.front()) +
                                   ", whose name is another form of the same text; only one of them can count"});
            continue;
        }
        group.push_back(index);
    }
    for (const auto& [name, group] : by_name)
        find_in_group(rules, group, clashes);
    return clashes;
}

}  // namespace approvekit::policy
