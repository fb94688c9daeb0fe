// The tests of texts by patterns.
#include "policy/glob.hpp"
#include "policy/scalars.hpp"
#include "policy/value_test.hpp"
#include "text/fold.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::policy {
namespace {

// What readers of a text take for its end or for the end of a line, other than a line feed: NUL, \v, \f, \r, FS, GS, RS,
// NEL, LS and PS.
constexpr std::array<std::string_view, 10> other_breaks{
    std::string_view("\0", 1), "\v", "\f", "\r", "\x1C", "\x1D", "\x1E", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};

bool has_other_break(std::string_view text) {
    return std::any_of(other_breaks.begin(), other_breaks.end(),
                       [text](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

bool has_break(std::string_view text) {
    return text.find('\n') != std::string_view::npos || has_other_break(text);
}

/// The text with a line feed in place of each other break.
std::string with_line_feeds(std::string text) {
    for (const std::string_view mark : other_breaks) {
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
            text.replace(at, mark.size(), "\n");
    }
    return text;
}

/// Whether a line of the text matches by itself. A shell, for one, reads a command from each line.
template <typename Matches>
bool has_matching_line(const std::string& text, const Matches& matches) {
    if (!has_break(text)) return false;
    const std::string lines = with_line_feeds(text);
    std::string_view left = lines;
    while (true) {
        const std::size_t end = left.find('\n');
        if (matches(left.substr(0, end))) return true;
        if (end == std::string_view::npos) return false;
        left.remove_prefix(end + 1);
    }
}

class MatchesGlob final : public ValueTest {
public:
    MatchesGlob(std::string pattern, bool nfc) : glob_(nfc ? text::composed(pattern) : std::move(pattern)), nfc_(nfc) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_string()) return Truth::unknown;
        const auto& given = value.get_ref<const std::string&>();
        const std::string normal = nfc_ ? text::composed(given) : std::string();
        const std::string& text = nfc_ ? normal : given;
        const auto matches = [this](std::string_view part) { return glob_.matches(part); };
        // A star matches no line break. But a text that would match if it did must not get past a rule that denies.
        if (matches(text)) return has_break(text) ? Truth::unknown : Truth::yes;
        return has_matching_line(text, matches) ? Truth::unknown : otherwise(given, nfc_);
    }

private:
    Glob glob_;
    bool nfc_;
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
        if (across_lines_ && matches(text, *across_lines_)) return Truth::unknown;
        const bool has_line =
            has_matching_line(text, [this](std::string_view line) { return matches(line, expression_); });
        return has_line ? Truth::unknown : otherwise(given, nfc_);
    }

private:
    /// RE2 takes a line feed alone for a line break.
    [[nodiscard]] bool passes_as_lines(const std::string& text) const {
        return !across_lines_ || !has_other_break(text) || matches(with_line_feeds(text), expression_);
    }
    [[nodiscard]] bool matches(std::string_view text, const RE2& expression) const {
        return whole_ ? RE2::FullMatch(text, expression) : RE2::PartialMatch(text, expression);
    }

    RE2 expression_;
    std::optional<RE2> across_lines_;
    bool whole_;
    bool nfc_;
};

}  // namespace

ValueTestPtr matches_glob(std::string pattern, bool nfc) {
    return std::make_shared<MatchesGlob>(std::move(pattern), nfc);
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
