#include "policy/value_test.hpp"
#include "text/fold.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

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
        if (matches(text, expression_)) return Truth::yes;
        // A dot stands for no line break. What would match if it did must not get past a rule that denies, either.
        return across_lines_ && matches(text, *across_lines_) ? Truth::unknown : Truth::no;
    }

private:
    [[nodiscard]] bool matches(const std::string& text, const RE2& expression) const {
        return whole_ ? RE2::FullMatch(text, expression) : RE2::PartialMatch(text, expression);
    }

    RE2 expression_;
    std::optional<RE2> across_lines_;
    bool whole_;
    bool nfc_;
};

}  // namespace

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
