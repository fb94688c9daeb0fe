#pragma once

#include "approvekit/detail/secret_key.hpp"
#include "approvekit/json.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// The text that replaces a redacted value.
inline constexpr std::string_view redacted_text = "[REDACTED]";

/// What a reviewer may know about a hidden value.
struct Redaction {
    std::string path;    ///< "profile.ssn", "cc[2].number"; up to about 256 bytes, see redact()
    std::string type;    ///< "string", "number", "boolean", "null", "object", "array"
    std::string length;  ///< a range, never the exact length: "empty", "1-8", "9-32", "33-256", "257+"
    /// Equal for equal values within one agent process; keyed, so the value cannot be found from it by trial and error.
    std::string fingerprint;

    friend bool operator==(const Redaction&, const Redaction&) = default;
};

void to_json(Json& json, const Redaction& redaction);
void from_json(const Json& json, Redaction& redaction);

/// A random key that never leaves the process. Copies share it. Thread-safe.
class FingerprintKey {
public:
    /// Generates a new key.
    FingerprintKey();

    /// The first 8 hexadecimal digits of a keyed hash of `text`.
    [[nodiscard]] std::string fingerprint(std::string_view text) const;

private:
    std::shared_ptr<const detail::SecretKey> key_;
};

namespace redaction {
class SecretMatcher;
}

/// Knows the secret values of one call and removes them from every text about it.
///
/// Holds the secrets in memory only; copies share them. Thread-safe after construction.
///
/// Finds a secret as plain text, JSON-escaped, percent-encoded, in both of these encodings combined, and in base64. A
/// secret of fewer than four characters is only found as a separate word; the same is true for `words`. Blanks, "true",
/// "false" and "null" are not secrets.
class Scrubber {
public:
    /// Knows no secrets.
    Scrubber() = default;
    explicit Scrubber(const std::vector<std::string>& secrets, const std::vector<std::string>& words = {});

    /// Returns `text` with each secret replaced by "[REDACTED]". Overlapping secrets are replaced as one.
    [[nodiscard]] std::string scrub(std::string_view text) const;

    /// Scrubs every string of `value`, including keys, and replaces numbers that show a secret. A key that would then
    /// appear twice gets a number: "[REDACTED] (2)".
    void scrub(Json& value) const;

    [[nodiscard]] bool empty() const noexcept { return matcher_ == nullptr; }

private:
    std::shared_ptr<const redaction::SecretMatcher> matcher_;  // null: no secrets
};

/// The arguments of a call without the values that a policy hides.
struct RedactedView {
    Json value;
    std::vector<Redaction> redactions;
    Scrubber scrubber;
};

/// Replaces the values of `fields` in `arguments`, at any depth, by "[REDACTED]".
///
/// A plain name ("body") matches every key with that name. A dotted name ("profile.ssn") is a path from the top; array
/// levels are skipped, so it covers every element of an array. Names are compared by Unicode's NFKC_Casefold,
/// independent of the locale: case, composition and width make no difference. Strings that contain JSON text are
/// searched too, whatever blanks, marks and comments surround the JSON. A string that looks like JSON, is refused by
/// parse_json and seems to set a hidden field is hidden entirely.
///
/// A hidden value, or a part of a hidden object, is also masked where it occurs elsewhere. The parts are its values and
/// its keys. A key that is a plain word (letters, _ and -) is masked only where it occurs as a word. It is not masked
/// if it has fewer than four letters, is named in `fields`, or is a top-level key of `arguments`, since it reveals
/// nothing then.
///
/// Paths are cut to about 256 bytes: a key of more than 64 bytes is written as "(a long key)", and omitted first steps
/// as "...".
///
/// Throws ArgumentsRefusedError when a string is not UTF-8, a hidden number is not finite or the nesting is deeper than
/// 1,000 levels. Throws Error (invalid_option) for a field name that cannot match anything, such as "*", "items[0].x"
/// or "$.a".
[[nodiscard]] RedactedView redact(const Json& arguments, const std::vector<std::string>& fields,
                                  const FingerprintKey& key);

/// Returns a scrubber for arguments that redact() would refuse, to keep secrets out of the error message.
///
/// Skips values that cannot be shown. Throws std::bad_alloc.
[[nodiscard]] Scrubber scrubber_of(const Json& arguments, const std::vector<std::string>& fields);

}  // namespace approvekit
