#pragma once

#include "policy/condition.hpp"
#include "policy/glob.hpp"
#include "policy/terms.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace approvekit::policy {

/// Finds the rule that decides on a call.
///
/// Borrows the terms, which must outlive it and must not change. Concurrent reads are safe.
class RuleBook {
public:
    explicit RuleBook(const Terms& terms);
    RuleBook(const RuleBook&) = delete;
    RuleBook& operator=(const RuleBook&) = delete;

    /// If `facts` is null, only the name is known, and every condition is unknown.
    [[nodiscard]] Ruling ruling_on(std::string_view tool, const CallFacts* facts) const;
    [[nodiscard]] PolicyExplanation explain(std::string_view tool, const CallFacts& facts) const;

    /// Calls `look` for each subject that a rule for `tool` tests.
    void visit_subjects(std::string_view tool, const std::function<void(const Subject&)>& look) const;

    /// Returns the rules of the most specific name that fits `tool`, as indexes into the terms.
    [[nodiscard]] std::vector<std::size_t> own_rules(std::string_view tool) const;

private:
    /// A rule, and what it means for a call that it decides.
    struct Entry {
        std::size_t index = 0;
        const Condition* condition = nullptr;  // null if there is none
        Action action = Action::hold;
        bool observes = false;
        Ruling ruling;  // used if it was chosen among the rules of its own name and there is nothing else to say
    };
    /// All rules of one name.
    struct Name {
        Glob glob;
        std::vector<Entry> entries;              // in the order of the file, but the one without a condition last
        std::vector<std::string> hidden_fields;  // of all of them
    };
    using Names = std::vector<const Name*>;
    /// A name without a star, and the other names that match it too, the most specific first.
    struct Known {
        Names names;
        std::optional<Ruling> settled;  // set if no condition matters
    };
    struct Choice {
        const Name* name = nullptr;       // of the entry; null if no rule decides
        const Entry* entry = nullptr;     // null if no rule decides
        const Entry* observed = nullptr;  // a rule that would have held or denied if it did more than observe
    };

    void add_names();
    void add_entry(Name& name, std::size_t index);
    void complete(Name& name);
    void sort_names();
    [[nodiscard]] std::optional<Ruling> settled_ruling(const Names& names) const;
    [[nodiscard]] Names names_for(std::string_view tool) const;
    [[nodiscard]] Names all_names_for(std::string_view tool) const;
    [[nodiscard]] static Truth truth_of(const Entry& entry, const CallFacts* facts);
    [[nodiscard]] static bool matches(const Entry& entry, const CallFacts* facts);
    /// Returns the same ruling, but it hides what any rule for the tool hides.
    [[nodiscard]] static Ruling hiding_all(Ruling ruling, const Names& names);
    [[nodiscard]] static Choice choose(const Names& names, const CallFacts* facts);
    [[nodiscard]] static Choice choose_undenied(const Names& names, const CallFacts* facts);
    [[nodiscard]] Ruling ruling_for(const Names& names, const Choice& choice) const;
    [[nodiscard]] std::string reason_for(const Names& names, const Choice& choice) const;
    [[nodiscard]] RuleTrace trace_of(const Name& name, const Entry& entry, const Choice& choice,
                                     const CallFacts& facts) const;

    const Terms& terms_;
    std::deque<Name> names_;         // the most specific first
    std::deque<PolicyRule> hiding_;  // rules that hide what others of their name hide
    std::deque<std::string> metadata_;
    std::deque<std::string> limits_;
    std::unordered_map<std::string_view, Known> known_;
    NameIndex index_;            // names with a star and something else
    const Name* any_ = nullptr;  // "*"
    PolicyRule unmatched_rule_;
    Ruling unmatched_;  // for a tool that no name fits
    Known otherwise_;   // for a tool that only "*" fits
};

}  // namespace approvekit::policy
