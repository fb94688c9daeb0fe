#pragma once

#include "approvekit/json.hpp"
#include "approvekit/metadata_keys.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// What an agent says about a call besides its arguments: `send.with(Call{.why = "the refund was promised"})`.
///
/// Reviewers see it above the arguments. It is part of the request's metadata, so the digest of the view and the
/// reviewers' signatures cover it, and the audit records it. `redact_fields` hides its members just as it hides
/// arguments. A plain value.
///
/// Texts have at most 256 bytes, and there are at most 16 tags. `why` has at most 64 KiB. After redaction, what exceeds
/// 4096 bytes is left out and the number of bytes left out is shown.
struct Call {
    std::string requested_by = {};       ///< the person the agent acts for
    std::string why = {};                ///< the reason, in the model's words
    std::string conversation = {};       ///< the conversation or run that the call belongs to
    std::string environment = {};        ///< for instance "production"; empty: the kit's
    std::vector<std::string> tags = {};  ///< in addition to the kit's
    /// Identifies this call in the whole record, so it starts only once; see docs/agents.md.
    std::string idempotency_key = {};
    /// Id of the request whose run makes this call; when that request was refused, this call is refused too.
    std::string parent = {};

    // Limits that can only tighten the policy's: the stricter of the two counts.

    std::optional<std::chrono::seconds> timeout = {};  ///< at least one second
    /// The call must start within this time after its approval. At least one second; where the policy has no
    /// start_within, at most a minute counts.
    std::optional<std::chrono::seconds> start_within = {};
    std::string risk_level = {};  ///< "low", "medium", "high" or "critical"
};

/// Returns what policy, reviewers and record see of it: an object without the empty members. Throws
/// ArgumentsRefusedError for what exceeds the sizes above, and Error (invalid_option) for an invalid `timeout`,
/// `start_within` or `risk_level`.
[[nodiscard]] Json context_of(const Call& call);

}  // namespace approvekit
