#include "policy/rule_book.hpp"

#include "approvekit/metadata_keys.hpp"
#include "json/strict_reader.hpp"
#include "policy/document.hpp"
#include "policy/limit.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace approvekit::policy {
namespace {

/// What was made for a single call.
struct MadeRuling {
    PolicyRule rule;
    std::string metadata;
};

std::string place_of(std::size_t index) {
    return child_path("rules", index);
}

void add_fields(std::vector<std::string>& fields, const std::vector<std::string>& more) {
    std::unordered_set<std::string> known(fields.begin(), fields.end());
    for (const std::string& field : more) {
        if (known.insert(field).second) fields.push_back(field);
    }
}

std::string matched_text(std::size_t index, const std::string& name) {
    return place_of(index) + ", " + name;
}

bool is_loose(Action action, bool observes) {
    return action != Action::allow || observes;
}

}  // namespace

RuleBook::RuleBook(const Terms& terms) : terms_(terms), unmatched_rule_(fallback_rule(terms)) {
    unmatched_ = {.action = fallback_action(terms),
                  .rule = &unmatched_rule_,
                  .metadata = &metadata_.emplace_back(
                      canonical_json(request_metadata(unmatched_rule_, terms.groups), json::any_size))};
    add_names();
    if (any_ != nullptr) otherwise_.names = {any_};
    otherwise_.settled = settled_ruling(otherwise_.names);
    for (Name& name : names_) {
        if (name.glob.has_star()) continue;
        Known& known = known_[name.glob.text()];
        known.names = names_for(name.glob.text());
        known.names.insert(known.names.begin(), &name);
        known.settled = settled_ruling(known.names);
    }
}

void RuleBook::add_names() {
    std::unordered_map<std::string_view, Name*> by_text;
    for (std::size_t index = 0; index < terms_.rules.size(); ++index) {
        Name*& name = by_text[terms_.rules[index].tool];
        if (name == nullptr) name = &names_.emplace_back(Name{Glob(terms_.rules[index].tool), {}, {}});
        add_entry(*name, index);
    }
    for (Name& name : names_)
        complete(name);
    sort_names();
    for (std::size_t rank = 0; rank < names_.size(); ++rank) {
        const Name& name = names_[rank];
        if (name.glob.text() == any_tool) {
            any_ = &name;
        } else if (name.glob.has_star()) {
            index_.add(name.glob, rank);
        }
    }
}

void RuleBook::add_entry(Name& name, std::size_t index) {
    const PolicyRule& rule = terms_.rules[index];
    name.entries.push_back({.index = index,
                            .condition = terms_.conditions[index].get(),
                            .action = action_of(rule),
                            .observes = rule.observe,
                            .ruling = {}});
    add_fields(name.hidden_fields, rule.redact_fields);
}

/// What one rule of a name hides, every rule of that name hides: the arguments alone must not decide what gets on
/// record.
void RuleBook::complete(Name& name) {
    std::stable_sort(name.entries.begin(), name.entries.end(), [](const Entry& left, const Entry& right) {
        return left.condition != nullptr && right.condition == nullptr;
    });
    for (Entry& entry : name.entries) {
        const PolicyRule* rule = &terms_.rules[entry.index];
        if (name.entries.size() > 1) {
            PolicyRule& hiding = hiding_.emplace_back(*rule);
            hiding.redact_fields = name.hidden_fields;
            rule = &hiding;
        }
        Json metadata = request_metadata(*rule, terms_.groups);
        const bool is_plain = name.entries.size() == 1 && entry.condition == nullptr && !entry.observes &&
                              rule->deny.empty() && (!name.glob.has_star() || name.glob.text() == any_tool);
        if (!is_plain) metadata[matched_rule_key] = matched_text(entry.index, rule->tool);
        if (entry.observes) metadata[would_have_key] = to_string(entry.action);
        entry.ruling = {.action = entry.observes ? Action::allow : entry.action,
                        .rule = rule,
                        .metadata = &metadata_.emplace_back(canonical_json(metadata, json::any_size)),
                        .limit = rule->limit ? &limits_.emplace_back(limit_id(*rule)) : nullptr,
                        .would_have = entry.observes ? std::optional(entry.action) : std::nullopt};
    }
}

/// Exact names first, then names with more literal characters, then by their order in the file.
void RuleBook::sort_names() {
    std::stable_sort(names_.begin(), names_.end(), [](const Name& left, const Name& right) {
        if (left.glob.has_star() != right.glob.has_star()) return right.glob.has_star();
        return left.glob.has_star() && left.glob.literal_characters() > right.glob.literal_characters();
    });
}

/// Returns those with a star, the most specific first.
RuleBook::Names RuleBook::names_for(std::string_view tool) const {
    std::vector<std::size_t> ranks;
    index_.find(tool, ranks);
    std::sort(ranks.begin(), ranks.end());
    Names names;
    names.reserve(ranks.size() + 1);
    for (const std::size_t rank : ranks)
        names.push_back(&names_[rank]);
    if (any_ != nullptr) names.push_back(any_);
    return names;
}

std::optional<Ruling> RuleBook::settled_ruling(const Names& names) const {
    if (names.empty()) return unmatched_;
    for (const Name* name : names) {
        for (const Entry& entry : name->entries) {
            const bool has_a_say = name == names.front() || entry.action == Action::deny;
            if (has_a_say && entry.condition != nullptr) return std::nullopt;
        }
    }
    return ruling_for(names, choose(names, nullptr));
}

Ruling RuleBook::ruling_on(std::string_view tool, const CallFacts* facts) const {
    const auto judged = [facts](const Names& names, RuleBook const& book) {
        Ruling ruling = book.ruling_for(names, choose(names, facts));
        return facts == nullptr ? hiding_all(std::move(ruling), names) : ruling;
    };
    const auto exact = known_.find(tool);
    if (exact != known_.end()) {
        if (exact->second.settled) return *exact->second.settled;
        return judged(exact->second.names, *this);
    }
    if (!index_.empty()) {
        const Names names = names_for(tool);
        const bool only_any = names.empty() || names.front() == any_;
        if (!only_any) return judged(names, *this);
    }
    if (otherwise_.settled) return *otherwise_.settled;
    return judged(otherwise_.names, *this);
}

// From the tool's name alone, nobody knows which of the rules a call will meet.
Ruling RuleBook::hiding_all(Ruling ruling, const Names& names) {
    auto made = std::make_shared<MadeRuling>(MadeRuling{*ruling.rule, *ruling.metadata});
    for (const Name* name : names)
        add_fields(made->rule.redact_fields, name->hidden_fields);
    ruling.rule = &made->rule;
    ruling.metadata = &made->metadata;
    ruling.owned = std::move(made);
    return ruling;
}

Truth RuleBook::truth_of(const Entry& entry, const CallFacts* facts) {
    if (entry.condition == nullptr) return Truth::yes;
    return facts == nullptr ? Truth::unknown : entry.condition->judge(*facts);
}

bool RuleBook::matches(const Entry& entry, const CallFacts* facts) {
    const Truth truth = truth_of(entry, facts);
    return truth == Truth::yes || (truth == Truth::unknown && is_loose(entry.action, entry.observes));
}

RuleBook::Choice RuleBook::choose(const Names& names, const CallFacts* facts) {
    const Entry* observed = nullptr;
    for (const Name* name : names) {
        for (const Entry& entry : name->entries) {
            if (entry.action != Action::deny || (entry.observes && observed != nullptr)) continue;
            if (!matches(entry, facts)) continue;
            if (!entry.observes) return {.name = name, .entry = &entry, .observed = nullptr};
            observed = &entry;
        }
    }
    Choice choice = choose_undenied(names, facts);
    if (observed != nullptr) choice.observed = choice.entry == observed ? nullptr : observed;
    return choice;
}

/// A more specific name has said that this tool must be looked at, so no wider name lets it run. And as long as nobody
/// knows whether a rule that only observes matches, it lets nothing run that another rule holds.
RuleBook::Choice RuleBook::choose_undenied(const Names& names, const CallFacts* facts) {
    const Entry* observed = nullptr;
    for (const Name* name : names) {
        for (const Entry& entry : name->entries) {
            const bool may_decide = name == names.front() || (entry.action == Action::hold && !entry.observes);
            const bool was_tried = entry.action == Action::deny && !entry.observes;
            if (!may_decide || was_tried || !matches(entry, facts)) continue;
            const bool is_certain = !entry.observes || truth_of(entry, facts) == Truth::yes;
            if (is_certain) return {.name = name, .entry = &entry, .observed = observed};
            if (observed == nullptr) observed = &entry;
        }
    }
    return {.name = nullptr, .entry = nullptr, .observed = observed};
}

Ruling RuleBook::ruling_for(const Names& names, const Choice& choice) const {
    if (names.empty()) return unmatched_;
    const bool is_own = choice.name == names.front();
    if (is_own && choice.observed == nullptr) return choice.entry->ruling;

    auto made = std::make_shared<MadeRuling>();
    Ruling ruling = choice.entry != nullptr ? choice.entry->ruling : unmatched_;
    made->rule = *ruling.rule;
    if (choice.entry == nullptr && ruling.action == Action::allow) {
        ruling.action = Action::hold;
        made->rule.require_approval = true;
        made->rule.auto_approve = false;
    }
    add_fields(made->rule.redact_fields, names.front()->hidden_fields);
    Json metadata = request_metadata(made->rule, terms_.groups);
    metadata[matched_rule_key] = reason_for(names, choice);
    if (choice.observed != nullptr) ruling.would_have = choice.observed->action;
    if (ruling.would_have) metadata[would_have_key] = to_string(*ruling.would_have);
    made->metadata = canonical_json(metadata, json::any_size);
    ruling.rule = &made->rule;
    ruling.metadata = &made->metadata;
    ruling.owned = std::move(made);
    return ruling;
}

std::string RuleBook::reason_for(const Names& names, const Choice& choice) const {
    const std::string& own = names.front()->glob.text();
    const std::string none = "no rule for " + own + " matches this call";
    if (choice.entry == nullptr) return "none: " + none;
    std::string reason = matched_text(choice.entry->index, choice.name->glob.text());
    const bool fell_through = choice.name != names.front() && choice.entry->action == Action::hold;
    if (fell_through) reason += ", since " + none;
    if (choice.observed != nullptr) {
        reason += "; " + matched_text(choice.observed->index, terms_.rules[choice.observed->index].tool) + " observes";
    }
    return reason;
}

RuleBook::Names RuleBook::all_names_for(std::string_view tool) const {
    const auto exact = known_.find(tool);
    return exact != known_.end() ? exact->second.names : names_for(tool);
}

void RuleBook::visit_subjects(std::string_view tool, const std::function<void(const Subject&)>& look) const {
    for (const Name* name : all_names_for(tool)) {
        for (const Entry& entry : name->entries) {
            if (entry.condition != nullptr) entry.condition->visit(look);
        }
    }
}

std::vector<std::size_t> RuleBook::own_rules(std::string_view tool) const {
    const Names names = all_names_for(tool);
    std::vector<std::size_t> indexes;
    if (names.empty()) return indexes;
    for (const Entry& entry : names.front()->entries)
        indexes.push_back(entry.index);
    return indexes;
}

PolicyExplanation RuleBook::explain(std::string_view tool, const CallFacts& facts) const {
    const Names names = all_names_for(tool);
    const Choice choice = choose(names, &facts);
    const Ruling ruling = ruling_for(names, choice);
    PolicyExplanation explanation{.tool = std::string(tool),
                                  .action = ruling.action,
                                  .would_have = ruling.would_have,
                                  .reason = names.empty() ? "no rule is for this tool" : reason_for(names, choice),
                                  .limit = limit_use(ruling, facts),
                                  .may_be_granted = ruling.action == Action::hold && ruling.rule->grants.has_value(),
                                  .rules = {}};
    for (const Name* name : names) {
        for (const Entry& entry : name->entries)
            explanation.rules.push_back(trace_of(*name, entry, choice, facts));
    }
    return explanation;
}

RuleTrace RuleBook::trace_of(const Name& name, const Entry& entry, const Choice& choice, const CallFacts& facts) const {
    RuleTrace trace{.place = place_of(entry.index),
                    .tool = name.glob.text(),
                    .effect = effect_text(terms_.rules[entry.index], entry.action),
                    .matches = matches(entry, &facts),
                    .chosen = &entry == choice.entry,
                    .conditions = {}};
    if (entry.observes) trace.effect = "runs at once and is only observed, else " + trace.effect;
    if (entry.condition != nullptr) entry.condition->trace(facts, 0, trace.conditions);
    return trace;
}

}  // namespace approvekit::policy
