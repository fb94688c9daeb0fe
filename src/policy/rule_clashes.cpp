#include "policy/rule_clashes.hpp"

#include "json/number.hpp"
#include "policy/document.hpp"
#include "policy/glob.hpp"
#include "policy/terms.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <array>
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

namespace {

// Programs that take another program as an argument, or that read one.
constexpr std::array<std::string_view, 61> runners = {
    "sh",      "bash",    "dash",   "zsh",     "ksh",     "fish",   "env",     "sudo",  "doas", "su",      "xargs",
    "find",    "nice",    "nohup",  "timeout", "time",    "setsid", "stdbuf",  "watch", "ssh",  "eval",    "exec",
    "command", "builtin", "source", "awk",     "perl",    "python", "python3", "ruby",  "node", "busybox", "parallel",
    "git",     "tar",     "make",   "rsync",   "sed",     "gawk",   "php",     "csh",   "tcsh", "flock",   "strace",
    "docker",  "podman",  "chroot", "unshare", "nsenter", "script", "expect",  "vim",   "vi",   "less",    "man",
    "crontab", "at",      "zip",    "lua",     "gdb",     "."};

/// The tests of one subject, all of which must hold.
struct SubjectTests {
    std::multimap<std::string, const Json*> tests;

    [[nodiscard]] bool has_any(std::initializer_list<const char*> names) const {
        return std::any_of(names.begin(), names.end(), [this](const char* name) { return tests.contains(name); });
    }
    [[nodiscard]] const Json* find(const char* name) const {
        const auto found = tests.find(name);
        return found == tests.end() ? nullptr : found->second;
    }
};
using Conjunction = std::map<std::string, SubjectTests>;

bool is_joint_key(const std::string& key) {
    return key == "any" || key == "not" || key == "time";
}

/// Collects what must hold at the same time. Recursion is safe: the depth of a document is limited when it is built.
void gather(const Json& when, Conjunction& conjunction) {  // NOLINT(misc-no-recursion)
    for (const auto& [subject, tests] : when.items()) {
        if (subject == "all") {
            for (const Json& part : tests)
                gather(part, conjunction);
        } else if (!is_joint_key(subject)) {
            for (const auto& [name, value] : tests.items())
                conjunction[subject].tests.emplace(name, &value);
        }
    }
}

const Json* bound_of(const SubjectTests& tests, const char* name, const char* other, std::size_t of_pair) {
    if (const Json* const bound = tests.find(name)) return bound;
    if (const Json* const bound = tests.find(other)) return bound;
    const Json* const pair = tests.find("between");
    return pair != nullptr ? &pair->at(of_pair) : nullptr;
}

/// Returns why no value passes all of them, or an empty text if one could.
std::string contradiction_in(const SubjectTests& tests) {
    const Json* const low = bound_of(tests, "gt", "gte", 0);
    const Json* const high = bound_of(tests, "lt", "lte", 1);
    const Json* const equal = tests.find("equals");
    if (low != nullptr && high != nullptr) {
        const auto order = json::compare_numbers(*low, *high);
        const bool is_open = tests.has_any({"gt", "lt"});
        if (order > 0 || (order == 0 && is_open)) return "no number is within these bounds";
    }
    if (equal != nullptr && low != nullptr && json::compare_numbers(*equal, *low) < 0)
        return "equals is below the bound";
    if (equal != nullptr && high != nullptr && json::compare_numbers(*equal, *high) > 0)
        return "equals is above the bound";
    const Json* const exists = tests.find("exists");
    const bool is_missing = exists != nullptr && *exists == false;
    return is_missing && tests.tests.size() > 1 ? "what does not exist passes no other test" : std::string();
}

/// Looks for conditions in one policy that may not be meant.
class ConditionSuspicion {
public:
    ConditionSuspicion(const Terms& terms, const std::vector<Node>& rules, Problems& warnings)
        : terms_(terms), rules_(rules), warnings_(warnings) {}

    void look() {
        for (std::size_t index = 0; index < terms_.rules.size(); ++index) {
            if (terms_.rules[index].when.is_null()) continue;
            look_at_tests(index);
            look_at_programs(index, terms_.rules[index].when);
        }
        look_for_beaten();
    }

private:
    void warn(std::size_t index, const std::string& message) {
        const Node* const when = rules_[index].find("when");
        warnings_.add(when != nullptr ? when->offset : rules_[index].offset, child_path("rules", index), message);
    }

    [[nodiscard]] static bool allows(const PolicyRule& rule) { return action_of(rule) == Action::allow; }
    [[nodiscard]] static bool denies(const PolicyRule& rule) {
        return action_of(rule) == Action::deny && !rule.observe;
    }

    void look_at_tests(std::size_t index) {
        const PolicyRule& rule = terms_.rules[index];
        Conjunction conjunction;
        gather(rule.when, conjunction);
        for (const auto& [subject, tests] : conjunction) {
            const std::string contradiction = contradiction_in(tests);
            if (!contradiction.empty())
                warn(index, "can never match as it is meant: " + subject + ": " + contradiction);
            if (allows(rule)) look_at_bounds(index, subject, tests);
            const Json* const url = tests.find("url");
            if (allows(rule) && url != nullptr && !url->contains("scheme_in")) {
                warn(index, subject + ": any scheme passes, javascript and file too; scheme_in: [https] says which");
            }
            const bool is_wide = rule.tool.find('*') != std::string::npos && subject.starts_with("args");
            if (denies(rule) && is_wide && !tests.tests.contains("exists")) {
                warn(index, "denies every call that has no " + subject +
                                " too; with exists: true beside it, only those that have");
            }
        }
    }

    void look_at_bounds(std::size_t index, const std::string& subject, const SubjectTests& tests) {
        const bool has_low = tests.has_any({"gt", "gte"});
        const bool has_high = tests.has_any({"lt", "lte"});
        if (has_low == has_high || tests.has_any({"between", "equals", "in"})) return;
        warn(index, subject + (has_low ? " has no upper bound" : " has no lower bound: negative numbers pass too"));
    }

    void look_at_programs(std::size_t index, const Json& value) {  // NOLINT(misc-no-recursion)
        if (!value.is_structured()) return;
        const bool lists_programs = value.is_object() && value.contains("programs_in") && allows(terms_.rules[index]);
        if (lists_programs) {
            for (const Json& program : value["programs_in"]) {
                const auto& name = program.get_ref<const std::string&>();
                if (std::find(runners.begin(), runners.end(), name) == runners.end()) continue;
                warn(index, quote(name) + " runs whatever programs its arguments name, so that this allows them all");
            }
        }
        for (const Json& part : value)
            look_at_programs(index, part);
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

    const Terms& terms_;
    const std::vector<Node>& rules_;
    Problems& warnings_;
};

}  // namespace

void find_condition_suspicions(const Terms& terms, const std::vector<Node>& rules, Problems& warnings) {
    ConditionSuspicion(terms, rules, warnings).look();
}

}  // namespace approvekit::policy
