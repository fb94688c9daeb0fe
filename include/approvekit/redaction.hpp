#pragma once

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
    std::string path;         ///< "profile.ssn", "cc[2].number"
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
    struct Secret;
    std::shared_ptr<const Secret> secret_;
};

/// Knows the secret values of one call and keeps them out of every text that leaves it.
///
/// Holds copies of the secrets in memory only. Thread-safe after construction.
class Scrubber {
public:
    Scrubber() = default;
    explicit Scrubber(std::vector<std::string> secrets);

    /// `text` with each secret replaced by "[REDACTED]", also where it stands JSON-escaped or percent-encoded.
    [[nodiscard]] std::string scrub(std::string_view text) const;

    /// Scrubs every string of `value`, keys included.
    void scrub(Json& value) const;

    [[nodiscard]] bool empty() const noexcept { return secrets_.empty(); }

private:
    std::vector<std::string> secrets_;  // with their encoded forms, longest first
};

/// The arguments of a call without the values that a policy hides.
struct RedactedView {
    Json value;
    std::vector<Redaction> redactions;
    Scrubber scrubber;
};

/// Replaces the values of `fields` in `arguments`, at any depth, by "[REDACTED]".
///
/// A plain name ("body") means every key of that name, compared without case; a dotted one ("profile.ssn")
/// means that path from the top. Strings that hold JSON text are looked into. A hidden value that also
/// stands inside another string is masked there too.
///
/// Throws ArgumentsRefusedError when a string is not UTF-8.
[[nodiscard]] RedactedView redact(const Json& arguments, const std::vector<std::string>& fields,
                                  const FingerprintKey& key);

}  // namespace approvekit
