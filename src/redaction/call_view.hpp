#pragma once

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"

#include <string>
#include <string_view>
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

/// Whether `text` holds, anywhere and as it is, a text or number that redact() hides of `arguments`, however short. For
/// what cannot be shown with a part of it masked. Throws what redact() throws for `fields`.
[[nodiscard]] bool holds_hidden_value(std::string_view text, const Json& arguments,
                                      const std::vector<std::string>& fields);

}  // namespace approvekit::redaction
