#pragma once

#include "approvekit/json.hpp"
#include "policy/truth.hpp"
#include "policy/url.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// A test of one value. Never changes; concurrent calls are safe.
class ValueTest {
public:
    ValueTest() = default;
    ValueTest(const ValueTest&) = delete;
    ValueTest& operator=(const ValueTest&) = delete;
    virtual ~ValueTest() = default;

    /// `value` must not be null.
    [[nodiscard]] virtual Truth judge(const Json& value) const = 0;
    /// Judges a missing value.
    [[nodiscard]] virtual Truth judge_nothing() const { return Truth::unknown; }
};

using ValueTestPtr = std::shared_ptr<const ValueTest>;

[[nodiscard]] inline Truth judge(const ValueTest& test, const Json* value) {
    return value == nullptr || value->is_null() ? test.judge_nothing() : test.judge(*value);
}

// Where texts are compared, `nfc` says that both are first brought to Unicode's form C.

/// A scalar that equals one of `values`. Unknown if none of them has the type of the value, or if a tool that converts
/// types may take the value for one of another type.
[[nodiscard]] ValueTestPtr one_of(std::vector<Json> values, bool nfc);
/// A number from `low` to `high`, either of which may be missing. `open` excludes the bounds themselves.
struct Bounds {
    std::optional<Json> low;
    std::optional<Json> high;
    bool open = false;
};
[[nodiscard]] ValueTestPtr within(Bounds bounds);
/// A list with that element, or a text that contains that part.
[[nodiscard]] ValueTestPtr contains(Json part, bool nfc);
[[nodiscard]] ValueTestPtr exists(bool wanted);
/// A text or list whose number of characters or elements passes all of `tests`.
[[nodiscard]] ValueTestPtr length(std::vector<ValueTestPtr> tests);
/// A text without line breaks that matches `pattern`, in which "*" stands for anything. Unknown if only line breaks
/// keep it from matching, or if one of its lines matches.
[[nodiscard]] ValueTestPtr matches_glob(std::string pattern, bool nfc);
/// A list in which all elements, or at least one, pass all of `tests`.
[[nodiscard]] ValueTestPtr elements(std::vector<ValueTestPtr> tests, bool every);
[[nodiscard]] ValueTestPtr negation(ValueTestPtr test);

/// A text that matches a regular expression in RE2's syntax, as a whole or in a part. Unknown if only line breaks keep
/// it from matching, or if one of its lines matches. Returns null, and sets `fault`, if `pattern` is not such an
/// expression.
[[nodiscard]] ValueTestPtr matches_regex(const std::string& pattern, bool whole, bool nfc, std::string& fault);

/// An absolute path within one of `folders`, which are absolute and normalised.
[[nodiscard]] ValueTestPtr path_under(std::vector<std::string> folders);

/// What a URL must have. What is empty or missing may be anything.
struct UrlTerms {
    std::optional<HostPatterns> hosts;
    std::vector<std::string> schemes;  ///< in lower case
    std::vector<int> ports;
};
[[nodiscard]] ValueTestPtr url_with(UrlTerms terms);
[[nodiscard]] ValueTestPtr email_with(HostPatterns domains);
/// One simple shell command. If `programs` is given, it must run one of these.
[[nodiscard]] ValueTestPtr simple_command(std::optional<std::vector<std::string>> programs);

}  // namespace approvekit::policy
