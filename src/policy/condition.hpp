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

/// Hours on the wall clock of a time zone, on some days of the week. A value.
class WallClockHours {
public:
    /// Returns nothing if the system knows no such zone.
    [[nodiscard]] static std::optional<WallClockHours> in_zone(const std::string& name);

    /// From `start` until before `end`. Goes past midnight if `end` is not later than `start`.
    void set_hours(std::chrono::minutes start, std::chrono::minutes end);
    /// 0 is Sunday. Hours past midnight belong to the day on which they begin.
    void add_day(std::size_t day);

    [[nodiscard]] bool contain(Time time) const;

private:
    [[nodiscard]] bool has_day(std::size_t day) const noexcept { return !has_days_ || days_.at(day); }

    const void* zone_ = nullptr;  // from the library's list, which lives as long as the program
    std::chrono::minutes start_{0};
    std::chrono::minutes end_{std::chrono::hours(24)};
    std::array<bool, 7> days_{};
    bool has_days_ = false;
};

/// Parses "08:30", or "24:00" for the end of the day.
[[nodiscard]] std::optional<std::chrono::minutes> parse_wall_clock(std::string_view text);

/// Parses "mon" to "sun", as 1 to 6 and 0.
[[nodiscard]] std::optional<std::size_t> parse_weekday(std::string_view text);

/// What a condition is about: `args.customer.iban`, `args.files[0]`, `args["a.b"]`, `context.requested_by`, `agent`,
/// `environment`. A value.
class Subject {
public:
    /// Returns nothing if `text` is not a subject.
    [[nodiscard]] static std::optional<Subject> parse(std::string_view text);

    /// Returns the subject's value in a call, or null if there is none or if it is a JSON null. The result may point
    /// into `scratch`.
    [[nodiscard]] const Json* find(const CallFacts& facts, Json& scratch) const;

    /// Returns the value, or the last existing value on the path to it. Returns null for an agent or an environment,
    /// and for a context of which nothing is known.
    [[nodiscard]] const Json* find_deepest(const CallFacts& facts) const;

    /// Whether the subject is a member of the arguments or of the context, at any depth.
    [[nodiscard]] bool is_member() const noexcept { return !steps_.empty(); }
    /// Returns the names on the path to it, without positions.
    [[nodiscard]] std::vector<std::string_view> names() const;

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// Whether the subject is a part of the arguments.
    [[nodiscard]] bool is_argument() const noexcept { return root_ == Root::arguments && !steps_.empty(); }
    /// Returns the subject's value in `arguments`, which may be a JSON null. Returns null if there is none, or if the
    /// subject is not a part of the arguments.
    [[nodiscard]] Json* find_in(Json& arguments) const;
    /// Whether `other` is the same subject, or a part of this one.
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
    /// A part that is an `all` itself is replaced by its parts.
    [[nodiscard]] static Condition all_of(std::vector<Condition> given);
    [[nodiscard]] static Condition any_of(std::vector<Condition> parts);
    [[nodiscard]] static Condition negation(Condition part);
    /// `text` is the test in words: "args.amount lte 100".
    [[nodiscard]] static Condition of_value(Subject subject, ValueTestPtr test, std::string text);
    [[nodiscard]] static Condition of_time(WallClockHours hours, std::string text);

    /// Throws std::bad_alloc.
    [[nodiscard]] Truth judge(const CallFacts& facts) const;

    /// Appends the result of each part, the whole first. Reveals no value of an argument.
    void trace(const CallFacts& facts, std::size_t depth, std::vector<ConditionTrace>& traces) const;

    /// Calls `look` for each subject that is tested.
    void visit(const std::function<void(const Subject&)>& look) const;

    /// Returns the condition on one line: "args.amount gte 0 and args.amount lte 100".
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
