#include "policy/joint_tests.hpp"

#include "json/number.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace approvekit::policy {

namespace {

const Json* bound_of(const SubjectTests& tests, const char* name, const char* other, std::size_t of_pair) {
    if (const Json* const bound = tests.find(name)) return bound;
    if (const Json* const bound = tests.find(other)) return bound;
    const Json* const pair = tests.find("between");
    return pair != nullptr ? &pair->at(of_pair) : nullptr;
}

/// The comparison that holds where this one does not. Empty for other tests.
std::string opposite_of(const std::string& comparison) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> opposites{
        {{"lt", "gte"}, {"lte", "gt"}, {"gt", "lte"}, {"gte", "lt"}}};
    for (const auto& [one, other] : opposites) {
        if (comparison == one) return std::string(other);
    }
    return {};
}

class Gathering {
public:
    [[nodiscard]] std::vector<JointTests> take(const Json& when) {
        add(when);
        if (alternatives_.empty()) return {std::move(joint_)};
        std::vector<JointTests> all;
        for (const Json* const alternative : alternatives_) {
            Gathering with_it;
            with_it.joint_ = joint_;
            with_it.add(*alternative);
            all.push_back(std::move(with_it.joint_));
        }
        return all;
    }

private:
    /// Recursion is safe: the depth of a document is limited when it is built.
    void add(const Json& when) {  // NOLINT(misc-no-recursion)
        for (const auto& [subject, tests] : when.items()) {
            if (subject == "all") {
                for (const Json& part : tests)
                    add(part);
            } else if (subject == "any") {
                for (const Json& part : tests)
                    alternatives_.push_back(&part);
            } else if (subject == "not") {
                add_opposite(tests);
            } else if (subject != "time") {
                add_tests(subject, tests);
            }
        }
    }

    void add_tests(const std::string& subject, const Json& tests) {  // NOLINT(misc-no-recursion)
        for (const auto& [name, value] : tests.items()) {
            joint_[subject].tests.emplace(name, &value);
            if (name == "every" || name == "some") add_tests(subject + " " + name, value);
        }
    }

    /// What is not one comparison alone has no opposite that is a test.
    void add_opposite(const Json& when) {
        if (when.size() != 1 || !when.front().is_object() || when.front().size() != 1) return;
        const std::string subject = when.begin().key();
        const auto test = when.front().begin();
        const std::string name = opposite_of(test.key());
        if (!name.empty()) joint_[subject].tests.emplace(name, &test.value());
    }

    JointTests joint_;
    std::vector<const Json*> alternatives_;
};

}  // namespace

bool SubjectTests::has_any(std::initializer_list<const char*> names) const {
    return std::any_of(names.begin(), names.end(), [this](const char* name) { return tests.contains(name); });
}

const Json* SubjectTests::find(const char* name) const {
    const auto found = tests.find(name);
    return found == tests.end() ? nullptr : found->second;
}

std::string SubjectTests::contradiction() const {
    const Json* const low = bound_of(*this, "gt", "gte", 0);
    const Json* const high = bound_of(*this, "lt", "lte", 1);
    const Json* const equal = find("equals");
    if (low != nullptr && high != nullptr) {
        const auto order = json::compare_numbers(*low, *high);
        const bool is_open = has_any({"gt", "lt"});
        if (order > 0 || (order == 0 && is_open)) return "no number is within these bounds";
    }
    if (equal != nullptr && low != nullptr && json::compare_numbers(*equal, *low) < 0)
        return "equals is below the bound";
    if (equal != nullptr && high != nullptr && json::compare_numbers(*equal, *high) > 0)
        return "equals is above the bound";
    const Json* const exists = find("exists");
    const bool is_missing = exists != nullptr && *exists == false;
    return is_missing && tests.size() > 1 ? "what does not exist passes no other test" : std::string();
}

std::string SubjectTests::open_bound() const {
    if (is_open_above()) return "has no upper bound";
    const bool is_open_below = has_any({"lt", "lte"}) && !is_bounded_below();
    return is_open_below ? "has no lower bound: negative numbers pass too" : std::string();
}

bool SubjectTests::is_open_above() const {
    return has_any({"gt", "gte"}) && !has_any({"lt", "lte", "between", "equals", "in"});
}

bool SubjectTests::is_bounded_below() const {
    return has_any({"gt", "gte", "between", "equals", "in"});
}

std::vector<JointTests> alternatives_of(const Json& when) {
    return Gathering().take(when);
}

}  // namespace approvekit::policy
