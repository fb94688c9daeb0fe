#pragma once

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// A call without what the policy hides in it.
struct CallView {
    RedactedView arguments;
    Json context;             ///< null if there is none
    Scrubber hidden_context;  ///< knows what was hidden in the context
};

/// Hides the values of `fields` in the arguments and the context. What is hidden in one of them is also hidden wherever
/// it appears in the other. Throws what redact() throws.
[[nodiscard]] CallView hide(const Json& arguments, const Json& context, const std::vector<std::string>& fields,
                            const FingerprintKey& key);

/// Whether `text` contains, anywhere and unencoded, a text or number that redact() hides in `arguments`, however short.
/// Meant for texts that cannot be shown with a part masked. Throws what redact() throws for `fields`.
[[nodiscard]] bool holds_hidden_value(std::string_view text, const Json& arguments,
                                      const std::vector<std::string>& fields);

}  // namespace approvekit::redaction
