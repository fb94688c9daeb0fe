#include "policy/condition_suspicions.hpp"

#include "policy/command_suspicions.hpp"
#include "policy/glob.hpp"
#include "policy/joint_tests.hpp"
#include "policy/pattern_suspicion.hpp"
#include "policy/rule_clashes.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

class ConditionSuspicion {
public:
    ConditionSuspicion(const Terms& terms, const std::vector<Node>& rules, Problems& warnings)
        : terms_(terms), rules_(rules), warnings_(warnings) {}

    void look() {
        for (std::size_t index = 0; index < terms_.rules.size(); ++index) {
            if (terms_.rules[index].when.is_null()) continue;
            for (const JointTests& tests : alternatives_of(terms_.rules[index].when))
                look_at_tests(index, tests);
            for (const std::string& message : command_suspicions(terms_.rules[index], lets_others_run(index)))
                warn(index, message);
        }
        look_for_beaten();
        look_for_crossings();
    }

private:
    void warn(std::size_t index, const std::string& message) {
        if (!warned_.emplace(index, message).second) return;  // true of several alternatives
        const Node* const when = rules_[index].find("when");
        warnings_.add(when != nullptr ? when->offset : rules_[index].offset, child_path("rules", index), message);
    }

    /// A rule that only observes does too.
    [[nodiscard]] static bool lets_run(const PolicyRule& rule) {
        return action_of(rule) == Action::allow || rule.observe;
    }
    [[nodiscard]] static bool denies(const PolicyRule& rule) {
        return action_of(rule) == Action::deny && !rule.observe;
    }
    [[nodiscard]] bool lets_others_run(std::size_t index) const {
        return std::any_of(terms_.rules.begin(), terms_.rules.end(), [&](const PolicyRule& rule) {
            return rule.tool == terms_.rules[index].tool && lets_run(rule);
        });
    }

    void look_at_tests(std::size_t index, const JointTests& all) {
        const PolicyRule& rule = terms_.rules[index];
        for (const auto& [subject, tests] : all) {
            const std::string contradiction = tests.contradiction();
            if (!contradiction.empty())
                warn(index, "can never match as it is meant: " + subject + ": " + contradiction);
            look_at_pattern(index, subject, tests);
            if (lets_run(rule))
                look_at_what_passes(index, subject, tests);
            else if (tests.is_open_above())
                look_for_rule_below(index, subject);
            const bool is_wide = rule.tool.find('*') != std::string::npos && subject.starts_with("args");
            const bool is_of_elements = subject.ends_with(" every") || subject.ends_with(" some");
            if (denies(rule) && is_wide && !is_of_elements && !tests.tests.contains("exists")) {
                warn(index, "denies every call that has no " + subject +
                                " too; with exists: true beside it, only those that have");
            }
        }
    }

    void look_at_what_passes(std::size_t index, const std::string& subject, const SubjectTests& tests) {
        const std::string open_bound = tests.open_bound();
        if (!open_bound.empty()) warn(index, subject + " " + open_bound);
        const Json* const url = tests.find("url");
        if (url != nullptr && !url->contains("scheme_in"))
            warn(index, subject + ": any scheme passes, javascript and file too; scheme_in: [https] says which");
    }

    void look_at_pattern(std::size_t index, const std::string& subject, const SubjectTests& tests) {
        for (const char* const test : {"matches", "regex", "regex_anywhere"}) {
            const Json* const given = tests.find(test);
            if (given == nullptr) continue;
            const auto pattern = given->get<std::string>();
            const std::string what = pattern_suspicion(test, subject, pattern, lets_run(terms_.rules[index]));
            if (!what.empty()) warn(index, subject + ": " + what);
        }
    }

    /// Finds a rule that lets run whatever is too small to be held or denied by this one. It is enough if a limit
    /// counts the amount, since a negative one is beyond every limit.
    void look_for_rule_below(std::size_t index, const std::string& subject) {
        const auto is_open = [&](const PolicyRule& rule) {
            const bool counts = rule.limit && rule.limit->sum == subject;
            return rule.tool == terms_.rules[index].tool && lets_run(rule) && !counts && !is_bounded(rule, subject);
        };
        const auto found = std::find_if(terms_.rules.begin(), terms_.rules.end(), is_open);
        if (found == terms_.rules.end()) return;
        const auto other = static_cast<std::size_t>(found - terms_.rules.begin());
        warn(index,
             subject + ": " + child_path("rules", other) +
                 " lets everything below this bound run, negative numbers too; with gte: 0 there, only the rest");
    }
    [[nodiscard]] static bool is_bounded(const PolicyRule& rule, const std::string& subject) {
        if (rule.when.is_null()) return false;
        const std::vector<JointTests> all = alternatives_of(rule.when);
        return std::all_of(all.begin(), all.end(), [&](const JointTests& tests) {
            const auto found = tests.find(subject);
            return found != tests.end() && found->second.is_bounded_below();
        });
    }

    /// Finds rules that allow but are always beaten by one that denies, whatever names they have.
    void look_for_beaten() {
        constexpr std::size_t most_pairs = 1'000'000;
        std::vector<std::size_t> denying;
        for (std::size_t index = 0; index < terms_.rules.size(); ++index) {
            if (denies(terms_.rules[index])) denying.push_back(index);
        }
        if (denying.size() * terms_.rules.size() > most_pairs) return;
        for (std::size_t index = 0; index < terms_.rules.size(); ++index) {
            const PolicyRule& rule = terms_.rules[index];
            const auto beats = [&](std::size_t other) {
                const PolicyRule& deny = terms_.rules[other];
                return Glob(deny.tool).covers(Glob(rule.tool)) && always_matches_before(deny, rule);
            };
            if (denies(rule)) continue;
            const auto found = std::find_if(denying.begin(), denying.end(), beats);
            if (found != denying.end())
                warn(index, "never counts: " + child_path("rules", *found) + " denies all of its calls");
        }
    }

    struct WideRule {
        std::size_t index;
        Glob glob;
    };
    template <typename Wanted>
    [[nodiscard]] std::vector<WideRule> wide_rules(const Wanted& is_wanted) const {
        std::vector<WideRule> wide;
        for (std::size_t index = 0; index < terms_.rules.size(); ++index) {
            Glob glob(terms_.rules[index].tool);
            if (glob.has_star() && is_wanted(terms_.rules[index])) wide.push_back({index, std::move(glob)});
        }
        return wide;
    }

    /// Finds rules that hold, and lose some of their tools to a longer name that lets them run.
    void look_for_crossings() {
        constexpr std::size_t most_pairs = 100'000;
        const auto holds = [](const PolicyRule& rule) { return action_of(rule) == Action::hold && !rule.observe; };
        const std::vector<WideRule> holding = wide_rules(holds);
        const std::vector<WideRule> running = wide_rules(lets_run);
        if (holding.size() * running.size() > most_pairs) return;
        for (const WideRule& held : holding) {
            const auto wins = [&](const WideRule& other) {
                return other.glob.may_overlap(held.glob) && !held.glob.covers(other.glob) &&
                       !other.glob.covers(held.glob) &&
                       other.glob.literal_characters() > held.glob.literal_characters();
            };
            const auto found = std::find_if(running.begin(), running.end(), wins);
            if (found == running.end()) continue;
            warn(held.index, "does not hold what " + found->glob.text() +
                                 " matches too: that name has more characters, so " +
                                 child_path("rules", found->index) + " lets it run");
        }
    }

    const Terms& terms_;
    const std::vector<Node>& rules_;
    Problems& warnings_;
    std::set<std::pair<std::size_t, std::string>> warned_;
};

}  // namespace

void find_condition_suspicions(const Terms& terms, const std::vector<Node>& rules, Problems& warnings) {
    ConditionSuspicion(terms, rules, warnings).look();
}

}  // namespace approvekit::policy
