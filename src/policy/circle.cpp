#include "policy/circle.hpp"

#include "approvekit/metadata_keys.hpp"
#include "keys/reviewer_name.hpp"
#include "policy/document.hpp"
#include "policy/value_reader.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace approvekit::policy {
namespace {

std::string joined_names(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Checks the people of one policy.
class CircleCheck {
public:
    explicit CircleCheck(const Terms& terms) : terms_(terms) {
        for (const TrustedReviewer& reviewer : terms.reviewers)
            signing_.insert(reviewer.name);
        known_ = signing_;
        for (const auto& [group, members] : terms.groups)
            known_.insert(members.begin(), members.end());
    }

    std::vector<CircleFault> faults() {
        check_signers();
        for (const auto& [group, members] : terms_.groups)
            check_group(group, members);
        for (std::size_t rule = 0; rule < terms_.rules.size(); ++rule)
            check_rule(rule);
        return std::move(faults_);
    }

private:
    /// Reports names of one person, since their keys would count as one vote.
    void check_signers() {
        if (std::none_of(terms_.rules.begin(), terms_.rules.end(), has_quorum)) return;
        std::map<std::string, std::string> names;  // by person
        for (std::size_t index = 0; index < terms_.reviewers.size(); ++index) {
            const std::string& name = terms_.reviewers[index].name;
            const auto [other, is_new] = names.emplace(keys::person_of(name), name);
            if (is_new || other->second == name) continue;
            faults_.push_back({std::nullopt, "", "", index,
                               quote(name) + " and " + quote(other->second) +
                                   " are one person where several approve; give one of them another name"});
        }
    }

    void check_group(const std::string& group, const std::vector<std::string>& members) {
        for (std::size_t index = 0; index < members.size(); ++index) {
            const std::string& name = members[index];
            std::string fault = terms_.groups.contains(name) ? quote(name) + " is a group; list the people of it"
                                                             : fault_of_signer(name);
            if (!fault.empty()) faults_.push_back({std::nullopt, group, "", index, std::move(fault)});
        }
        if (!signing_.contains(group)) return;
        faults_.push_back(
            {std::nullopt, group, "", std::nullopt, "has the name of a reviewer; give the group another"});
    }

    void check_rule(std::size_t rule) {
        const PolicyRule& given = terms_.rules[rule];
        check_names(rule, reviewers_key, given.reviewers);
        if (given.escalate) check_names(rule, escalate_key, given.escalate->to);
        const bool is_open = given.reviewers.empty();
        if (is_open && signing_.empty()) return;
        const std::vector<std::string> signers(signing_.begin(), signing_.end());
        const std::size_t people = people_of(is_open ? signers : given.reviewers, terms_.groups).size();
        if (given.approvals <= people) return;
        faults_.push_back({rule, "", approvals_key, std::nullopt,
                           "takes " + std::to_string(given.approvals) + " approvals, and only " +
                               std::to_string(people) + (people == 1 ? " person" : " people") + " may give one"});
    }

    void check_names(std::size_t rule, const std::string& key, const std::vector<std::string>& names) {
        for (std::size_t index = 0; index < names.size(); ++index) {
            std::string fault = fault_of_name(names[index]);
            if (!fault.empty()) faults_.push_back({rule, "", key, index, std::move(fault)});
        }
    }

    [[nodiscard]] std::string fault_of_name(const std::string& name) const {
        // What is not a name was already reported.
        if (name.empty() || terms_.groups.contains(name)) return "";
        if (!signing_.empty()) return fault_of_signer(name);
        // Without a list of people, any name may be somebody's.
        if (terms_.groups.empty() || known_.contains(name)) return "";
        return quote(name) + " is not a group, and nobody in a group has that name; " + nearest_known(name);
    }

    [[nodiscard]] std::string fault_of_signer(const std::string& name) const {
        if (name.empty() || signing_.empty() || signing_.contains(name)) return "";
        return quote(name) + " has no key under reviewers, so that no vote of theirs would count; " +
               nearest_known(name);
    }

    [[nodiscard]] std::string nearest_known(const std::string& name) const {
        std::set<std::string_view> names(known_.begin(), known_.end());
        for (const auto& [group, members] : terms_.groups)
            names.insert(group);
        const std::vector<std::string_view> candidates(names.begin(), names.end());
        if (candidates.empty()) return "list them there";
        return "the nearest known name is " + quote(nearest(name, candidates));
    }

    const Terms& terms_;
    std::set<std::string> signing_;  // names that have a key
    std::set<std::string> known_;    // and those in groups
    std::vector<CircleFault> faults_;
};

}  // namespace

bool has_quorum(const PolicyRule& rule) {
    return rule.approvals != 1 || !rule.reviewers.empty() || rule.not_requester || rule.escalate;
}

Json quorum_as_json(const PolicyRule& rule) {
    Json json = {{approvals_key, rule.approvals}};
    if (!rule.reviewers.empty()) json[reviewers_key] = rule.reviewers;
    if (rule.not_requester) json[not_requester_key] = true;
    if (rule.escalate) {
        json[escalate_key] = {{escalate_after_key, rule.escalate->after.count()}, {escalate_to_key, rule.escalate->to}};
    }
    return json;
}

std::string quorum_text(const PolicyRule& rule) {
    if (!has_quorum(rule)) return "";
    const std::string people = rule.reviewers.empty() ? "people" : joined_names(rule.reviewers);
    const bool is_one = rule.approvals == 1 && rule.reviewers.empty();
    std::string text = is_one ? " by one person" : " by " + std::to_string(rule.approvals);
    if (!is_one) text += (rule.reviewers.empty() ? " " : " of ") + people;
    if (rule.not_requester) text += ", but not by the requester,";
    if (!rule.escalate) return text;
    return text + " (after " + std::to_string(rule.escalate->after.count()) + " s also of " +
           joined_names(rule.escalate->to) + ")";
}

Json quorum_metadata(const PolicyRule& rule, const ReviewerGroups& groups) {
    Json json = quorum_as_json(rule);
    if (!rule.reviewers.empty()) json[reviewers_key] = people_of(rule.reviewers, groups);
    if (rule.escalate) json[escalate_key][escalate_to_key] = people_of(rule.escalate->to, groups);
    return json;
}

std::vector<std::string> people_of(const std::vector<std::string>& names, const ReviewerGroups& groups) {
    std::vector<std::string> people;
    std::set<std::string> known;
    const auto add = [&](const std::string& name) {
        if (known.insert(keys::person_of(name)).second) people.push_back(name);
    };
    for (const std::string& name : names) {
        const auto group = groups.find(name);
        if (group == groups.end()) {
            add(name);
        } else {
            std::for_each(group->second.begin(), group->second.end(), add);
        }
    }
    return people;
}

std::string CircleFault::path() const {
    std::string path = rule ? child_path("rules", *rule) : group.empty() ? reviewers_key : child_path("groups", group);
    if (!key.empty()) path = child_path(path, key);
    if (key == escalate_key) path = child_path(path, escalate_to_key);
    return index ? child_path(path, *index) : path;
}

std::vector<CircleFault> find_circle_faults(const Terms& terms) {
    return CircleCheck(terms).faults();
}

}  // namespace approvekit::policy
