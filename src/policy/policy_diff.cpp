#include "approvekit/policy_diff.hpp"

#include "approvekit/terminal_text.hpp"
#include "base/enum_names.hpp"
#include "policy/glob.hpp"
#include "text/escape.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace approvekit {
namespace {

using ChangeKind = PolicyChange::Kind;

constexpr base::EnumNames<ChangeKind, 5> change_names({
    {ChangeKind::added, "added"},
    {ChangeKind::removed, "removed"},
    {ChangeKind::changed, "changed"},
    {ChangeKind::moved, "moved"},
    {ChangeKind::name_moved, "name moved"},
});

struct NamedRule {
    std::string name;
    Json content;
    std::size_t place = 0;  // among the rules of its tool, whose order decides
};

std::vector<NamedRule> named_rules(const Json& policy) {
    std::vector<NamedRule> rules;
    std::map<std::string, std::size_t> of_tool;
    for (const Json& rule : policy.at("rules")) {
        const auto& tool = rule.at("tool").get_ref<const std::string&>();
        NamedRule named{text::name_text(tool), rule, of_tool[tool]++};
        if (rule.contains("when")) named.name += " when " + terminal_json(rule["when"]);
        named.content.erase("tool");
        named.content.erase("when");
        rules.push_back(std::move(named));
    }
    return rules;
}

const NamedRule* find_rule(const std::vector<NamedRule>& rules, const std::string& name) {
    for (const NamedRule& rule : rules) {
        if (rule.name == name) return &rule;
    }
    return nullptr;
}

void compare_keys(const std::string& what, const Json& before, const Json& after, std::vector<PolicyChange>& changes) {
    Json keys = before;
    keys.update(after);
    for (const auto& [key, ignored] : keys.items()) {
        const Json old_value = before.value(key, Json());
        const Json new_value = after.value(key, Json());
        if (old_value == new_value) continue;
        changes.push_back({ChangeKind::changed, what + key, terminal_json(old_value), terminal_json(new_value)});
    }
}

void compare_rules(const std::vector<NamedRule>& before, const std::vector<NamedRule>& after,
                   std::vector<PolicyChange>& changes) {
    for (const NamedRule& rule : after) {
        const NamedRule* const old_rule = find_rule(before, rule.name);
        if (old_rule == nullptr) {
            changes.push_back({ChangeKind::added, rule.name, "", terminal_json(rule.content)});
            continue;
        }
        compare_keys(rule.name + ": ", old_rule->content, rule.content, changes);
        if (old_rule->place != rule.place) {
            changes.push_back(
                {ChangeKind::moved, rule.name, std::to_string(old_rule->place + 1), std::to_string(rule.place + 1)});
        }
    }
    for (const NamedRule& rule : before) {
        if (find_rule(after, rule.name) != nullptr) continue;
        changes.push_back({ChangeKind::removed, rule.name, terminal_json(rule.content), ""});
    }
}

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Returns the names with stars by how specific they are. Equally specific names are in the order of the policy.
std::map<std::size_t, Names> starred_names(const Json& policy) {
    std::map<std::size_t, Names> starred;
    for (const Json& rule : policy.at("rules")) {
        const auto& name = rule.at("tool").get_ref<const std::string&>();
        const policy::Glob glob(name);
        if (!glob.has_star()) continue;
        Names& names = starred[glob.literal_characters()];
        if (!has(names, name)) names.push_back(name);
    }
    return starred;
}

/// Returns the names that `others` has too.
Names common_names(const Names& names, const Names& others) {
    Names common;
    std::copy_if(names.begin(), names.end(), std::back_inserter(common),
                 [&](const std::string& name) { return has(others, name); });
    return common;
}

void compare_order(const Names& before, const Names& after, std::vector<PolicyChange>& changes) {
    for (std::size_t place = 0; place < after.size(); ++place) {
        const auto old_place = std::find(before.begin(), before.end(), after[place]) - before.begin();
        if (old_place == static_cast<std::ptrdiff_t>(place)) continue;
        changes.push_back({ChangeKind::name_moved, text::name_text(after[place]), std::to_string(old_place + 1),
                           std::to_string(place + 1)});
    }
}

/// A new name may take calls from the names after it.
void place_added(const Names& before, const Names& after, std::vector<PolicyChange>& changes) {
    for (std::size_t place = 0; place < after.size(); ++place) {
        if (has(before, after[place])) continue;
        changes.push_back({ChangeKind::name_moved, text::name_text(after[place]), "",
                           std::to_string(place + 1) + " of " + std::to_string(after.size())});
    }
}

void compare_names(const Json& before, const Json& after, std::vector<PolicyChange>& changes) {
    std::map<std::size_t, Names> old_names = starred_names(before);
    for (const auto& [specificity, names] : starred_names(after)) {
        const Names& others = old_names[specificity];
        const Names common = common_names(names, others);
        compare_order(common_names(others, names), common, changes);
        if (!common.empty()) place_added(others, names, changes);
    }
}

std::string change_text(const PolicyChange& change) {
    switch (change.kind) {
        case ChangeKind::added:
            return "+ " + change.what + ": " + change.after;
        case ChangeKind::removed:
            return "- " + change.what + ": " + change.before;
        case ChangeKind::moved:
            return "~ " + change.what + ": place among the rules of its tool: " + change.before + " -> " + change.after;
        case ChangeKind::name_moved:
            return (change.before.empty() ? "+ " : "~ ") + change.what + ": place among names that are as specific: " +
                   (change.before.empty() ? "" : change.before + " -> ") + change.after;
        case ChangeKind::changed:
            break;
    }
    return "~ " + change.what + ": " + change.before + " -> " + change.after;
}

}  // namespace

std::vector<PolicyChange> diff_policies(const Policy& before, const Policy& after) {
    Json old_policy = before.as_json();
    Json new_policy = after.as_json();
    const auto old_rules = named_rules(old_policy);
    const auto new_rules = named_rules(new_policy);
    std::vector<PolicyChange> moved;
    compare_names(old_policy, new_policy, moved);
    old_policy.erase("rules");
    new_policy.erase("rules");
    std::vector<PolicyChange> changes;
    compare_keys("", old_policy, new_policy, changes);
    changes.insert(changes.end(), moved.begin(), moved.end());
    compare_rules(old_rules, new_rules, changes);
    return changes;
}

std::string to_text(const std::vector<PolicyChange>& changes) {
    std::string text;
    for (const PolicyChange& change : changes)
        text += change_text(change) + "\n";
    return changes.empty() ? "the policies say the same\n" : text;
}

Json to_json_view(const std::vector<PolicyChange>& changes) {
    Json list = Json::array();
    for (const PolicyChange& change : changes) {
        list.push_back({{"kind", change_names.text(change.kind)},
                        {"what", change.what},
                        {"before", change.before},
                        {"after", change.after}});
    }
    return {{"changes", std::move(list)}};
}

}  // namespace approvekit
