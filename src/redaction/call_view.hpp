#pragma once

#include "approvekit/redaction.hpp"

#include <string>
#include <vector>

namespace approvekit::redaction {

/// A call without what a policy hides of it.
struct CallView {
    RedactedView arguments;
    Json context;             ///< null for none
    Scrubber hidden_context;  ///< knows what was hidden of the context
};

/// Hides the values of `fields` in both, and what is hidden of one wherever it appears in the other. Throws what redact()
/// throws.
[[nodiscard]] CallView hide(const Json& arguments, const Json& context, const std::vector<std::string>& fields,
                            const FingerprintKey& key);

}  // namespace approvekit::redaction
