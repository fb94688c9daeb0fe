#pragma once

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/storage.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// A warning for each of the policy's redact_fields that no call on record had: it is misspelt, or hides nothing yet.
/// One for a whole rule where no call on record fits it. `file` is the policy's, for the warnings.
///
/// Reads all of the record and changes nothing. A field within a value that is hidden itself is not seen. Throws
/// StorageError.
[[nodiscard]] std::vector<PolicyProblem> find_unused_fields(const Policy& policy, Storage& record,
                                                            const std::string& file);

}  // namespace approvekit
