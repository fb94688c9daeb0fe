#include "policy/value_test.hpp"

#include "json/number.hpp"
#include "policy/scalars.hpp"
#include "text/fold.hpp"
#include "text/utf8.hpp"

#include <compare>
#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

class OneOf final : public ValueTest {
public:
    OneOf(std::vector<Json> values, bool nfc) : values_(std::move(values)), nfc_(nfc) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        bool was_compared = false;
        bool is_doubtful = false;
        for (const Json& wanted : values_) {
            const Truth truth = equal_scalars(value, wanted, nfc_);
            if (truth == Truth::yes) return truth;
            was_compared = was_compared || truth == Truth::no;
            is_doubtful = is_doubtful || (truth == Truth::unknown && may_be_converted(value, wanted));
        }
        return was_compared && !is_doubtful ? Truth::no : Truth::unknown;
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
            const bool contains = nfc_ ? text::composed(text).find(text::composed(part)) != std::string::npos
                                       : text.find(part) != std::string::npos;
            return contains ? Truth::yes : otherwise(text, nfc_);
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

ValueTestPtr elements(std::vector<ValueTestPtr> tests, bool every) {
    return std::make_shared<Elements>(std::move(tests), every);
}

ValueTestPtr negation(ValueTestPtr test) {
    return std::make_shared<Negation>(std::move(test));
}

}  // namespace approvekit::policy
