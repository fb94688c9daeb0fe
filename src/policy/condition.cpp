#include "policy/condition.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace approvekit::policy {

Condition Condition::all_of(std::vector<Condition> given) {
    std::vector<Condition> parts;
    for (Condition& part : given) {
        auto* const joined = std::get_if<Joined>(&part.what_);
        if (joined != nullptr && joined->joint == Joint::all) {
            std::move(joined->parts.begin(), joined->parts.end(), std::back_inserter(parts));
        } else {
            parts.push_back(std::move(part));
        }
    }
    if (parts.size() == 1) return std::move(parts.front());
    Condition condition;
    condition.what_ = Joined{Joint::all, std::move(parts)};
    condition.text_ = "all";
    return condition;
}

Condition Condition::any_of(std::vector<Condition> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Condition condition;
    condition.what_ = Joined{Joint::any, std::move(parts)};
    condition.text_ = "any";
    return condition;
}

Condition Condition::negation(Condition part) {
    Condition condition;
    condition.what_ = Joined{Joint::negation, {}};
    std::get<Joined>(condition.what_).parts.push_back(std::move(part));
    condition.text_ = "not";
    return condition;
}

Condition Condition::of_value(Subject subject, ValueTestPtr test, std::string text) {
    Condition condition;
    condition.what_ = OfValue{std::move(subject), std::move(test)};
    condition.text_ = std::move(text);
    return condition;
}

Condition Condition::of_time(WallClockHours hours, std::string text) {
    Condition condition;
    condition.what_ = std::move(hours);
    condition.text_ = std::move(text);
    return condition;
}

// The depth of a document is limited where it is built, here and below.
Truth Condition::judge(const CallFacts& facts) const {  // NOLINT(misc-no-recursion)
    if (const auto* const of_value = std::get_if<OfValue>(&what_)) {
        Json scratch;
        return policy::judge(*of_value->test, of_value->subject.find(facts, scratch));
    }
    if (const auto* const hours = std::get_if<WallClockHours>(&what_)) return truth_of(hours->contain(facts.time));
    return judge_joined(std::get<Joined>(what_), facts);
}

Truth Condition::judge_joined(const Joined& joined, const CallFacts& facts) const {  // NOLINT(misc-no-recursion)
    if (joined.joint == Joint::negation) return negated(joined.parts.front().judge(facts));
    const bool is_all = joined.joint == Joint::all;
    const Truth decides = truth_of(!is_all);
    Truth truth = truth_of(is_all);
    for (const Condition& part : joined.parts) {
        truth = is_all ? both(truth, part.judge(facts)) : either(truth, part.judge(facts));
        if (truth == decides) break;
    }
    return truth;
}

void Condition::trace(const CallFacts& facts, std::size_t depth,  // NOLINT(misc-no-recursion)
                      std::vector<ConditionTrace>& traces) const {
    traces.push_back({.text = text_, .result = std::string(to_string(judge(facts))), .depth = depth});
    const auto* const joined = std::get_if<Joined>(&what_);
    if (joined == nullptr) return;
    for (const Condition& part : joined->parts)
        part.trace(facts, depth + 1, traces);
}

void Condition::visit(const std::function<void(const Subject&)>& look) const {  // NOLINT(misc-no-recursion)
    if (const auto* const of_value = std::get_if<OfValue>(&what_)) look(of_value->subject);
    const auto* const joined = std::get_if<Joined>(&what_);
    if (joined == nullptr) return;
    for (const Condition& part : joined->parts)
        part.visit(look);
}

std::string Condition::text() const {  // NOLINT(misc-no-recursion)
    const auto* const joined = std::get_if<Joined>(&what_);
    if (joined == nullptr) return text_;
    if (joined->joint == Joint::negation) return "not (" + joined->parts.front().text() + ")";
    std::string text;
    for (const Condition& part : joined->parts) {
        if (!text.empty()) text += joined->joint == Joint::all ? " and " : " or ";
        const auto* const inner = std::get_if<Joined>(&part.what_);
        const bool needs_brackets = inner != nullptr && inner->joint != Joint::negation;
        text += needs_brackets ? "(" + part.text() + ")" : part.text();
    }
    return text;
}

}  // namespace approvekit::policy
