#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"
#include "policy/truth.hpp"
#include "policy/value_test.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace approvekit::policy {

/// Hours of the wall clock of a zone, on some days of the week. A value.
class WallClockHours {
public:
    /// Nothing when the system knows no such zone.
    [[nodiscard]] static std::optional<WallClockHours> in_zone(const std::string& name);

    /// From `start` until before `end`, past midnight where the end is not behind the start.
    void set_hours(std::chrono::minutes start, std::chrono::minutes end);
    /// 0 is Sunday. Hours past midnight belong to the day on which they begin.
    void add_day(std::size_t day);

    [[nodiscard]] bool contain(Time time) const;

private:
    [[nodiscard]] bool has_day(std::size_t day) const noexcept { return !has_days_ || days_.at(day); }

    const void* zone_ = nullptr;  // of the library's list, which lives as long as the program
    std::chrono::minutes start_{0};
    std::chrono::minutes end_{std::chrono::hours(24)};
    std::array<bool, 7> days_{};
    bool has_days_ = false;
};

/// "08:30", or "24:00" for the end of the day.
[[nodiscard]] std::optional<std::chrono::minutes> parse_wall_clock(std::string_view text);

/// "mon" to "sun", as 1 to 6 and 0.
[[nodiscard]] std::optional<std::size_t> parse_weekday(std::string_view text);

/// What a condition is about: `args.customer.iban`, `args.files[0]`, `args["a.b"]`, `context.requested_by`, `agent`,
/// `environment`. A value.
class Subject {
public:
    /// Nothing when `text` is not a subject.
    [[nodiscard]] static std::optional<Subject> parse(std::string_view text);

    /// What stands there in a call; null when nothing does, and so for what JSON calls null. What it points to may lie
    /// in `scratch`.
    [[nodiscard]] const Json* find(const CallFacts& facts, Json& scratch) const;

    /// As far as the way leads to something: the value itself, or the last one before what is missing. Null for an
    /// agent, an environment or a context of which nothing is known.
    [[nodiscard]] const Json* find_deepest(const CallFacts& facts) const;

    /// Whether it is a member of the arguments or of the context, at whatever depth.
    [[nodiscard]] bool is_member() const noexcept { return !steps_.empty(); }
    /// The names on the way to it, without positions.
    [[nodiscard]] std::vector<std::string_view> names() const;

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// Whether it is about a part of the arguments.
    [[nodiscard]] bool is_argument() const noexcept { return root_ == Root::arguments && !steps_.empty(); }
    /// What stands there in arguments, JSON's null too; null when nothing does, or it is about something else.
    [[nodiscard]] Json* find_in(Json& arguments) const;
    /// Whether what stands at `other` is the same, or a part of it.
    [[nodiscard]] bool covers(const Subject& other) const;

private:
    enum class Root { arguments, context, agent, environment };
    using Step = std::variant<std::string, std::size_t>;

    [[nodiscard]] static std::optional<Step> take_step(std::string_view& rest);
    [[nodiscard]] static const Json* follow(const Json& value, const Step& step);
    [[nodiscard]] static std::optional<Step> take_bracketed(std::string_view& rest);

    Root root_ = Root::arguments;
    std::vector<Step> steps_;
    std::string text_;
};

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
