#include "policy/condition.hpp"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::array<std::string_view, 7> weekday_names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::size_t days_of_week = weekday_names.size();

}  // namespace

std::optional<WallClockHours> WallClockHours::in_zone(const std::string& name) {
    try {
        WallClockHours hours;
        hours.zone_ = ::date::locate_zone(name);
        return hours;
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

void WallClockHours::set_hours(std::chrono::minutes start, std::chrono::minutes end) {
    start_ = start;
    end_ = end;
}

void WallClockHours::add_day(std::size_t day) {
    days_.at(day) = true;
    has_days_ = true;
}

bool WallClockHours::contain(Time time) const {
    const auto* const zone = static_cast<const ::date::time_zone*>(zone_);
    const auto local = zone->to_local(time);
    const auto day = std::chrono::floor<::date::days>(local);
    const auto minute = std::chrono::floor<std::chrono::minutes>(local - day);
    const std::size_t weekday = ::date::weekday(day).c_encoding();
    if (start_ < end_) return has_day(weekday) && minute >= start_ && minute < end_;
    const std::size_t day_before = (weekday + days_of_week - 1) % days_of_week;
    return (minute >= start_ && has_day(weekday)) || (minute < end_ && has_day(day_before));
}

std::optional<std::chrono::minutes> parse_wall_clock(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    if (!is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) || !is_digit(text[4])) return std::nullopt;
    const int hours = (text[0] - '0') * 10 + text[1] - '0';
    const int minutes = (text[3] - '0') * 10 + text[4] - '0';
    const bool is_time = (hours < 24 && minutes < 60) || (hours == 24 && minutes == 0);
    return is_time ? std::optional(std::chrono::hours(hours) + std::chrono::minutes(minutes)) : std::nullopt;
}

std::optional<std::size_t> parse_weekday(std::string_view text) {
    const auto* const found = std::find(weekday_names.begin(), weekday_names.end(), text);
    if (found == weekday_names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - weekday_names.begin());
}

namespace {

constexpr std::string_view digits_of_positions = "0123456789";

/// Whether `text` begins with `word`, and the word ends there.
bool starts_with_word(std::string_view text, std::string_view word) {
    return text.starts_with(word) &&
           (text.size() == word.size() || text[word.size()] == '.' || text[word.size()] == '[');
}

const Json* member_of(const Json& value, const std::string& key) {
    if (!value.is_object()) return nullptr;
    const auto found = value.find(key);
    return found == value.end() ? nullptr : &*found;
}

const Json* element_of(const Json& value, std::size_t index) {
    return value.is_array() && index < value.size() ? &value[index] : nullptr;
}

}  // namespace

std::optional<Subject> Subject::parse(std::string_view text) {
    Subject subject;
    subject.text_ = text;
    if (text == "agent" || text == "environment") {
        subject.root_ = text == "agent" ? Root::agent : Root::environment;
        return subject;
    }
    const std::string_view root = starts_with_word(text, "args") ? "args" : "context";
    if (!starts_with_word(text, root)) return std::nullopt;
    subject.root_ = root == "args" ? Root::arguments : Root::context;
    for (std::string_view rest = text.substr(root.size()); !rest.empty();) {
        auto step = take_step(rest);
        if (!step) return std::nullopt;
        subject.steps_.push_back(*std::move(step));
    }
    return subject;
}

std::optional<Subject::Step> Subject::take_step(std::string_view& rest) {
    if (rest.front() == '[') return take_bracketed(rest);
    if (rest.front() != '.') return std::nullopt;
    rest.remove_prefix(1);
    const std::string_view name = rest.substr(0, rest.find_first_of(".["));
    if (name.empty() || name.find_first_of("*]\"") != std::string_view::npos) return std::nullopt;
    rest.remove_prefix(name.size());
    return Step(std::string(name));
}

/// Reads a position, or a name in quotes. A name may contain anything except a quote before a closing bracket.
std::optional<Subject::Step> Subject::take_bracketed(std::string_view& rest) {
    const bool is_name = rest.starts_with("[\"");
    const std::size_t start = is_name ? 2 : 1;
    const std::string_view closing = is_name ? "\"]" : "]";
    const std::size_t end = rest.find(closing, start);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = rest.substr(start, end - start);
    rest.remove_prefix(end + closing.size());
    if (is_name) return inside.empty() ? std::nullopt : std::optional(Step(std::string(inside)));

    if (inside.empty() || inside.find_first_not_of(digits_of_positions) != std::string_view::npos) return std::nullopt;
    std::size_t index = 0;
    const auto [behind, fault] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
    return fault == std::errc() ? std::optional(Step(index)) : std::nullopt;
}

const Json* Subject::find(const CallFacts& facts, Json& scratch) const {
    if (root_ == Root::agent || root_ == Root::environment) {
        const std::string_view name = root_ == Root::agent ? facts.agent : facts.environment;
        if (name.empty()) return nullptr;
        scratch = std::string(name);
        return &scratch;
    }
    const Json* value = root_ == Root::arguments ? &facts.arguments : &facts.context;
    for (const Step& step : steps_) {
        value = follow(*value, step);
        if (value == nullptr) return nullptr;
    }
    return value->is_null() ? nullptr : value;
}

const Json* Subject::follow(const Json& value, const Step& step) {
    const auto* const key = std::get_if<std::string>(&step);
    return key != nullptr ? member_of(value, *key) : element_of(value, std::get<std::size_t>(step));
}

std::vector<std::string_view> Subject::names() const {
    std::vector<std::string_view> names;
    for (const Step& step : steps_) {
        if (const auto* const name = std::get_if<std::string>(&step)) names.push_back(*name);
    }
    return names;
}

Json* Subject::find_in(Json& arguments) const {
    if (!is_argument()) return nullptr;
    const Json* value = &arguments;
    for (const Step& step : steps_) {
        value = follow(*value, step);
        if (value == nullptr) return nullptr;
    }
    return const_cast<Json*>(value);  // the value lies in `arguments`, which may be changed
}

bool Subject::covers(const Subject& other) const {
    return root_ == other.root_ && steps_.size() <= other.steps_.size() &&
           std::equal(steps_.begin(), steps_.end(), other.steps_.begin());
}

const Json* Subject::find_deepest(const CallFacts& facts) const {
    if (root_ == Root::agent || root_ == Root::environment) return nullptr;
    const Json* deepest = root_ == Root::arguments ? &facts.arguments : &facts.context;
    if (root_ == Root::context && deepest->empty()) return nullptr;
    for (const Step& step : steps_) {
        const Json* const next = follow(*deepest, step);
        if (next == nullptr) break;
        deepest = next;
    }
    return deepest;
}

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

// Recursion is safe here and below: the depth of a document is limited when it is built.
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
