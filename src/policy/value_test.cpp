#include "policy/value_test.hpp"

#include "json/number.hpp"
#include "policy/glob.hpp"
#include "text/fold.hpp"
#include "text/utf8.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::policy {
namespace {

/// Unknown if the types differ: a boolean is not a number, and a number is not a text.
Truth equal_scalars(const Json& value, const Json& wanted, bool nfc) {
    if (value.is_number() && wanted.is_number()) {
        const std::partial_ordering order = json::compare_numbers(value, wanted);
        return order == std::partial_ordering::unordered ? Truth::unknown : truth_of(order == 0);
    }
    if (value.is_boolean() && wanted.is_boolean()) return truth_of(value.get<bool>() == wanted.get<bool>());
    if (!value.is_string() || !wanted.is_string()) return Truth::unknown;
    const auto& text = value.get_ref<const std::string&>();
    const auto& other = wanted.get_ref<const std::string&>();
    return truth_of(text == other || (nfc && text::composed(text) == text::composed(other)));
}

class OneOf final : public ValueTest {
public:
    OneOf(std::vector<Json> values, bool nfc) : values_(std::move(values)), nfc_(nfc) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        bool was_compared = false;
        for (const Json& wanted : values_) {
            const Truth truth = equal_scalars(value, wanted, nfc_);
            if (truth == Truth::yes) return truth;
            was_compared = was_compared || truth == Truth::no;
        }
        return was_compared ? Truth::no : Truth::unknown;
    }

private:
    std::vector<Json> values_;
    bool nfc_;
};

class Within final : public ValueTest {
public:
    explicit Within(Bounds bounds) : bounds_(std::move(bounds)) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_number()) return Truth::unknown;
        Truth truth = Truth::yes;
        if (bounds_.low) truth = both(truth, is_beyond(json::compare_numbers(value, *bounds_.low)));
        if (bounds_.high) truth = both(truth, is_beyond(json::compare_numbers(*bounds_.high, value)));
        return truth;
    }

private:
    [[nodiscard]] Truth is_beyond(std::partial_ordering order) const {
        if (order == std::partial_ordering::unordered) return Truth::unknown;
        return truth_of(bounds_.open ? order > 0 : order >= 0);
    }

    Bounds bounds_;
};

class Contains final : public ValueTest {
public:
    Contains(Json part, bool nfc) : part_(std::move(part)), nfc_(nfc) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (value.is_string() && part_.is_string()) {
            const auto& text = value.get_ref<const std::string&>();
            const auto& part = part_.get_ref<const std::string&>();
            return truth_of(nfc_ ? text::composed(text).find(text::composed(part)) != std::string::npos
                                 : text.find(part) != std::string::npos);
        }
        if (!value.is_array()) return Truth::unknown;
        Truth truth = Truth::no;
        for (const Json& element : value)
            truth = either(truth, equal_scalars(element, part_, nfc_));
        return truth;
    }

private:
    Json part_;
    bool nfc_;
};

class Exists final : public ValueTest {
public:
    explicit Exists(bool wanted) : wanted_(wanted) {}

    [[nodiscard]] Truth judge(const Json& /*value*/) const override { return truth_of(wanted_); }
    [[nodiscard]] Truth judge_nothing() const override { return truth_of(!wanted_); }

private:
    bool wanted_;
};

class Length final : public ValueTest {
public:
    explicit Length(std::vector<ValueTestPtr> tests) : tests_(std::move(tests)) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_string() && !value.is_array()) return Truth::unknown;
        const Json count =
            value.is_array() ? value.size() : text::count_characters(value.get_ref<const std::string&>());
        Truth truth = Truth::yes;
        for (const ValueTestPtr& test : tests_)
            truth = both(truth, test->judge(count));
        return truth;
    }

private:
    std::vector<ValueTestPtr> tests_;
};

// What readers of a text take for the end of a line, other than a line feed: \v, \f, \r, NEL, LS and PS.
constexpr std::array<std::string_view, 6> other_breaks{"\v", "\f", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};

bool has_other_break(std::string_view text) {
    return std::any_of(other_breaks.begin(), other_breaks.end(),
                       [text](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

/// The text with a line feed in place of each other break.
std::string with_line_feeds(std::string text) {
    for (const std::string_view mark : other_breaks) {
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
            text.replace(at, mark.size(), "\n");
    }
    return text;
}

class MatchesGlob final : public ValueTest {
public:
    MatchesGlob(std::string pattern, bool nfc) : glob_(nfc ? text::composed(pattern) : std::move(pattern)), nfc_(nfc) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_string()) return Truth::unknown;
        const auto& text = value.get_ref<const std::string&>();
        const bool matches = nfc_ ? glob_.matches(text::composed(text)) : glob_.matches(text);
        // A star matches no line break. But a text that would match if it did must not get past a rule that denies.
        const bool has_break = text.find('\n') != std::string::npos || has_other_break(text);
        return matches && has_break ? Truth::unknown : truth_of(matches);
    }

private:
    Glob glob_;
    bool nfc_;
};

class Elements final : public ValueTest {
public:
    Elements(std::vector<ValueTestPtr> tests, bool every) : tests_(std::move(tests)), every_(every) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_array()) return Truth::unknown;
        Truth truth = truth_of(every_);
        for (const Json& element : value)
            truth = every_ ? both(truth, judge_element(element)) : either(truth, judge_element(element));
        return truth;
    }

private:
    [[nodiscard]] Truth judge_element(const Json& element) const {
        Truth truth = Truth::yes;
        for (const ValueTestPtr& test : tests_)
            truth = both(truth, policy::judge(*test, &element));
        return truth;
    }

    std::vector<ValueTestPtr> tests_;
    bool every_;
};

class Negation final : public ValueTest {
public:
    explicit Negation(ValueTestPtr test) : test_(std::move(test)) {}

    [[nodiscard]] Truth judge(const Json& value) const override { return negated(test_->judge(value)); }
    [[nodiscard]] Truth judge_nothing() const override { return negated(test_->judge_nothing()); }

private:
    ValueTestPtr test_;
};

constexpr std::int64_t most_regex_memory = std::int64_t{128} << 10;

class MatchesRegex final : public ValueTest {
public:
    MatchesRegex(const std::string& pattern, RE2::Options options, bool whole, bool nfc)
        : expression_(pattern, options), whole_(whole), nfc_(nfc) {
        options.set_dot_nl(true);
        if (pattern.find('.') != std::string::npos) across_lines_.emplace(pattern, options);
    }

    [[nodiscard]] const RE2& expression() const noexcept { return expression_; }

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_string()) return Truth::unknown;
        const auto& given = value.get_ref<const std::string&>();
        const std::string normal = nfc_ ? text::composed(given) : std::string();
        const std::string& text = nfc_ ? normal : given;
        if (matches(text, expression_)) return passes_as_lines(text) ? Truth::yes : Truth::unknown;
        // A dot matches no line break. But a text that would match if it did must not get past a rule that denies.
        return across_lines_ && matches(text, *across_lines_) ? Truth::unknown : Truth::no;
    }

private:
    /// RE2 takes a line feed alone for a line break.
    [[nodiscard]] bool passes_as_lines(const std::string& text) const {
        return !across_lines_ || !has_other_break(text) || matches(with_line_feeds(text), expression_);
    }
    [[nodiscard]] bool matches(const std::string& text, const RE2& expression) const {
        return whole_ ? RE2::FullMatch(text, expression) : RE2::PartialMatch(text, expression);
    }

    RE2 expression_;
    std::optional<RE2> across_lines_;
    bool whole_;
    bool nfc_;
};

}  // namespace

ValueTestPtr one_of(std::vector<Json> values, bool nfc) {
    return std::make_shared<OneOf>(std::move(values), nfc);
}

ValueTestPtr within(Bounds bounds) {
    return std::make_shared<Within>(std::move(bounds));
}

ValueTestPtr contains(Json part, bool nfc) {
    return std::make_shared<Contains>(std::move(part), nfc);
}

ValueTestPtr exists(bool wanted) {
    return std::make_shared<Exists>(wanted);
}

ValueTestPtr length(std::vector<ValueTestPtr> tests) {
    return std::make_shared<Length>(std::move(tests));
}

ValueTestPtr matches_glob(std::string pattern, bool nfc) {
    return std::make_shared<MatchesGlob>(std::move(pattern), nfc);
}

ValueTestPtr elements(std::vector<ValueTestPtr> tests, bool every) {
    return std::make_shared<Elements>(std::move(tests), every);
}

ValueTestPtr negation(ValueTestPtr test) {
    return std::make_shared<Negation>(std::move(test));
}

ValueTestPtr matches_regex(const std::string& pattern, bool whole, bool nfc, std::string& fault) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(most_regex_memory);
    auto test = std::make_shared<MatchesRegex>(nfc ? text::composed(pattern) : pattern, options, whole, nfc);
    if (test->expression().ok()) return test;
    fault = test->expression().error();
    return nullptr;
}

}  // namespace approvekit::policy
