#pragma once

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/storage.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// Returns a warning for each of the policy's redact_fields that no call in the record had: it is misspelt, or hides
/// nothing yet. If no call in the record matches a rule, returns one warning for the whole rule. `file` is the policy's
/// file, for the warnings.
///
/// Reads the whole record and changes nothing. A field inside a value that is itself hidden is not seen. Throws
/// StorageError.
[[nodiscard]] std::vector<PolicyProblem> find_unused_fields(const Policy& policy, Storage& record,
                                                            const std::string& file);

}  // namespace approvekit
