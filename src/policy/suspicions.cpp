#include "policy/suspicions.hpp"

#include "approvekit/metadata_keys.hpp"
#include "policy/condition_suspicions.hpp"
#include "policy/look_alikes.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace approvekit::policy {
namespace {

constexpr const char* two_reviewers = "; they are two reviewers";

/// Looks at one policy.
class Suspicion {
public:
    Suspicion(const Terms& terms, const Node& document, Problems& warnings)
        : terms_(terms), document_(document), rules_(document.find("rules")->items), warnings_(warnings) {}

    void look() {
        for (std::size_t index = 0; index < rules_.size(); ++index) {
            const std::string path = child_path("rules", index);
            look_at_action(terms_.rules[index], rules_[index], path);
            look_at_name(terms_.rules[index], rules_[index], path);
            look_at_fields(rules_[index], path);
            look_at_observer(index, path);
        }
        look_at_reviewers();
        look_at_circles();
        look_at_unmatched();
        find_condition_suspicions(terms_, rules_, warnings_);
    }

private:
    void look_at_action(const PolicyRule& rule, const Node& node, const std::string& path) {
        if (action_of(rule) != Action::allow) return;
        if (rule.tool == any_tool && rule.when.is_null()) {
            warnings_.add(node.offset, path, "every tool that no other rule names runs at once, without a person");
        } else if (!rule.auto_approve) {
            warnings_.add(node.offset, path,
                          "asks for no approval, so the tool runs at once; auto_approve: true says so");
        }
    }

    /// What only observes lets its calls run as though there were no other rule.
    void look_at_observer(std::size_t index, const std::string& path) {
        const PolicyRule& observer = terms_.rules[index];
        if (!observer.observe) return;
        for (std::size_t other = 0; other < terms_.rules.size(); ++other) {
            const PolicyRule& rule = terms_.rules[other];
            if (rule.tool != observer.tool || !rule.limit || !comes_before(index, other)) continue;
            warnings_.add(
                rules_[index].offset, path,
                "only observes, and the calls that it matches run without the limit of " + child_path("rules", other));
            return;
        }
    }

    /// Of two rules of one name: whether a call meets the first one first.
    [[nodiscard]] bool comes_before(std::size_t first, std::size_t second) const {
        const bool is_last = terms_.rules[first].when.is_null();
        const bool is_other_last = terms_.rules[second].when.is_null();
        return is_last == is_other_last ? first < second : is_other_last;
    }

    void look_at_name(const PolicyRule& rule, const Node& node, const std::string& path) {
        if (!tool_names_.insert(rule.tool).second) return;  // of one tool with several rules
        look_at_twins(tools_, rule.tool, node, path, "; they are two tools");
    }

    void look_at_reviewers() {
        const Node* reviewers = document_.find("reviewers");
        for (std::size_t index = 0; index < terms_.reviewers.size(); ++index) {
            const std::string& name = terms_.reviewers[index].name;
            people_.insert(name);
            look_at_twins(reviewers_, name, reviewers->items[index], child_path("reviewers", index), two_reviewers);
        }
    }

    void look_at_circles() {
        const Node* groups = document_.find("groups");
        for (std::size_t index = 0; groups != nullptr && index < groups->entries.size(); ++index) {
            const Entry& group = groups->entries[index];
            look_at_people(&group.value, child_path("groups", group.key));
        }
        for (std::size_t index = 0; index < rules_.size(); ++index) {
            const std::string path = child_path("rules", index);
            look_at_people(rules_[index].find(reviewers_key), child_path(path, reviewers_key));
            const Node* escalate = rules_[index].find(escalate_key);
            if (escalate == nullptr) continue;
            look_at_people(escalate->find(escalate_to_key),
                           child_path(child_path(path, escalate_key), escalate_to_key));
        }
    }

    /// Groups beside people: whoever reads a rule tells them apart by their names alone.
    void look_at_people(const Node* list, const std::string& path) {
        for (std::size_t index = 0; list != nullptr && index < list->items.size(); ++index) {
            const Node& name = list->items[index];
            if (!people_.insert(text_of(name)).second) continue;
            look_at_twins(reviewers_, text_of(name), name, child_path(path, index), two_reviewers,
                          "; one person bears both");
        }
    }

    /// Names among which nobody may mistake one for another.
    struct Names {
        std::unordered_map<std::string, std::string> path_of_folded;
        std::unordered_map<std::string, std::string> path_of_look;
    };

    void look_at_twins(Names& names, const std::string& name, const Node& node, const std::string& path,
                       const std::string& they_are_two, const std::string& but_for_case = {}) {
        if (mixes_alphabets(name)) {
            warnings_.add(node.offset, path, quote(name) + " mixes letters of several alphabets in one word");
        }
        const auto [same, is_new] = names.path_of_folded.try_emplace(text::folded(name), path);
        const auto [alike, looks_new] = names.path_of_look.try_emplace(look_of(name), path);
        if (!is_new) {
            warnings_.add(node.offset, path,
                          "differs from " + same->second + " only in case" +
                              (but_for_case.empty() ? they_are_two : but_for_case));
        } else if (!looks_new) {
            warnings_.add(node.offset, path, "looks like " + alike->second + they_are_two);
        }
    }

    void look_at_fields(const Node& rule, const std::string& path) {
        const Node* fields = rule.find("redact_fields");
        if (fields == nullptr) return;
        std::unordered_map<std::string, std::string> seen;
        for (const Node& field : fields->items) {
            const auto [other, is_new] = seen.try_emplace(text::folded(text_of(field)), text_of(field));
            if (is_new) continue;
            warnings_.add(field.offset, child_path(path, "redact_fields"),
                          quote(text_of(field)) + " repeats " + quote(other->second) + "; names compare without case");
        }
    }

    void look_at_unmatched() {
        const Node* unmatched = document_.find("unmatched");
        if (unmatched == nullptr) return;
        const bool any_is_covered = std::any_of(terms_.rules.begin(), terms_.rules.end(), [](const PolicyRule& rule) {
            return rule.tool == any_tool && rule.when.is_null();
        });
        if (any_is_covered) {
            warnings_.add(unmatched->offset, "unmatched", "has no effect beside a rule for \"*\"");
        } else if (terms_.unmatched == Unmatched::allow) {
            warnings_.add(unmatched->offset, "unmatched", "every tool without a rule runs at once, without a person");
        }
    }

    const Terms& terms_;
    const Node& document_;
    const std::vector<Node>& rules_;
    Problems& warnings_;
    Names tools_;
    std::unordered_set<std::string> tool_names_;
    Names reviewers_;
    std::unordered_set<std::string> people_;
};

}  // namespace

void find_suspicions(const Terms& terms, const Node& document, Problems& warnings) {
    Suspicion(terms, document, warnings).look();
}

}  // namespace approvekit::policy
