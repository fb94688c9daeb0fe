#pragma once

#include "redaction/secret_matcher.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// The patterns by which the secrets are found, in clear and as base64. `words` are found as words of their own.
///
/// Not every text can be kept secret: blanks, "true", "false" and "null" would blot out what has nothing to do with
/// them, and parts of "[REDACTED]" stand in every scrubbed text anyway. They give no pattern.
[[nodiscard]] std::vector<SecretPattern> patterns_of(const std::vector<std::string>& secrets,
                                                     const std::vector<std::string>& words);

}  // namespace approvekit
