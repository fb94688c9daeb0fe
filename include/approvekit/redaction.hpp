#pragma once

#include "approvekit/detail/secret_key.hpp"
#include "approvekit/json.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// What stands in the place of a redacted value.
inline constexpr std::string_view redacted_text = "[REDACTED]";

/// What a reviewer may know of a value that is hidden.
struct Redaction {
    std::string path;         ///< "profile.ssn", "cc[2].number"; up to some 256 bytes, see redact()
    std::string type;         ///< "string", "number", "boolean", "null", "object", "array"
    std::string length;       ///< a class, never the length: "empty", "1-8", "9-32", "33-256", "257+"
    std::string fingerprint;  ///< equal for equal values within one agent process; keyed, so it cannot be searched

    friend bool operator==(const Redaction&, const Redaction&) = default;
};

void to_json(Json& json, const Redaction& redaction);
void from_json(const Json& json, Redaction& redaction);

/// A random key that never leaves the process. Copies share it. Thread-safe.
class FingerprintKey {
public:
    /// Draws a new key.
    FingerprintKey();

    /// The first 8 hexadecimal digits of a keyed hash of `text`.
    [[nodiscard]] std::string fingerprint(std::string_view text) const;

private:
    std::shared_ptr<const detail::SecretKey> key_;
};

namespace redaction {
class SecretMatcher;
}

/// Knows the secret values of one call and keeps them out of every text that leaves it.
///
/// Holds the secrets in memory only; copies share them. Thread-safe after construction.
///
/// A secret is found in clear, JSON-escaped, percent-encoded, both of these over each other, and in base64.
/// One of fewer than four characters counts only where it stands as a word of its own, and so do `words`. Blanks,
/// "true", "false" and "null" are not secrets.
class Scrubber {
public:
    /// Knows no secrets.
    Scrubber() = default;
    explicit Scrubber(const std::vector<std::string>& secrets, const std::vector<std::string>& words = {});

    /// `text` with each secret replaced by "[REDACTED]". Secrets that overlap are replaced as one.
    [[nodiscard]] std::string scrub(std::string_view text) const;

    /// Scrubs every string of `value`, keys included, and replaces the numbers that show a secret.
    /// A key that would appear twice then gets a number: "[REDACTED] (2)".
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
/// A plain name ("body") means every key of that name; a dotted one ("profile.ssn") means that path from the top, where
/// arrays do not count: it covers each element's. Names compare by Unicode's NFKC_Casefold, the same in every locale:
/// case, composition and width make no difference. Strings that hold JSON text are looked into, whatever blanks, marks
/// and comments stand around it; one that looks like JSON, is refused by parse_json and seems to set a hidden field is
/// hidden whole.
///
/// A hidden value, or a part of a hidden object, that also stands elsewhere is masked there too. Parts are its values
/// and its keys. A key that is a plain word (letters, _ and -) is masked where it stands as a word; not where it has
/// fewer than four letters, is named in `fields` or is a key at the top of `arguments`, for then it tells nothing.
///
/// Paths are cut to some 256 bytes: a key of more than 64 stands as "(a long key)", left-out first steps as "...".
///
/// Throws ArgumentsRefusedError when a string is not UTF-8, a hidden number is not finite or the nesting is deeper
/// than 1,000 levels; Error (invalid_option) for a field that can name nothing, such as "*", "items[0].x" or "$.a".
[[nodiscard]] RedactedView redact(const Json& arguments, const std::vector<std::string>& fields,
                                  const FingerprintKey& key);

/// Knows the secrets of arguments that redact() would refuse, to keep them out of the error that says why.
///
/// Passes over what cannot be shown. Throws std::bad_alloc.
[[nodiscard]] Scrubber scrubber_of(const Json& arguments, const std::vector<std::string>& fields);

}  // namespace approvekit
