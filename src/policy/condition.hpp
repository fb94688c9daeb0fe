#pragma once

#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"
#include "policy/subject.hpp"
#include "policy/truth.hpp"
#include "policy/value_test.hpp"
#include "policy/wall_clock.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace approvekit::policy {

/// What must be true of a call for a rule to match: a tree of tests, read once. A value; concurrent reads are safe.
class Condition {
public:
    /// What is an all itself is taken apart.
    [[nodiscard]] static Condition all_of(std::vector<Condition> given);
    [[nodiscard]] static Condition any_of(std::vector<Condition> parts);
    [[nodiscard]] static Condition negation(Condition part);
    /// `text` is the test in words: "args.amount lte 100".
    [[nodiscard]] static Condition of_value(Subject subject, ValueTestPtr test, std::string text);
    [[nodiscard]] static Condition of_time(WallClockHours hours, std::string text);

    /// Throws std::bad_alloc.
    [[nodiscard]] Truth judge(const CallFacts& facts) const;

    /// Appends what each part comes to, the whole first. No value of an argument is told.
    void trace(const CallFacts& facts, std::size_t depth, std::vector<ConditionTrace>& traces) const;

    /// Shows each subject that is tested to `look`.
    void visit(const std::function<void(const Subject&)>& look) const;

    /// On one line: "args.amount gte 0 and args.amount lte 100".
    [[nodiscard]] std::string text() const;

private:
    struct OfValue {
        Subject subject;
        ValueTestPtr test;
    };
    enum class Joint { all, any, negation };
    struct Joined {
        Joint joint;
        std::vector<Condition> parts;
    };

    Condition() = default;
    [[nodiscard]] Truth judge_joined(const Joined& joined, const CallFacts& facts) const;

    std::variant<OfValue, WallClockHours, Joined> what_;
    std::string text_;
};

using ConditionPtr = std::shared_ptr<const Condition>;

}  // namespace approvekit::policy
