#pragma once

#include "approvekit/json.hpp"
#include "approvekit/metadata_keys.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// What an agent says of a call besides its arguments: `send.with(Call{.why = "the refund was promised"})`.
///
/// Reviewers see it above the arguments. It is part of the request's metadata, so the digest of the view and what
/// reviewers sign cover it, and the audit has it. `redact_fields` hides its members as it hides arguments. A plain value.
///
/// Texts have at most 256 bytes, and there are at most 16 tags. `why` has at most 64 KiB; what is beyond 4096 bytes when
/// it has been redacted is left out and counted.
struct Call {
    std::string requested_by = {};       ///< for whom the agent acts
    std::string why = {};                ///< in the model's words
    std::string conversation = {};       ///< the conversation or run that it belongs to
    std::string environment = {};        ///< "production"; empty: the kit's
    std::vector<std::string> tags = {};  ///< besides the kit's
    std::string idempotency_key = {};    ///< names this call in the whole record: it starts once; see docs/agents.md
    std::string parent = {};  ///< id of the request within whose run it is made; when that was refused, so is this

    // Limits that may only be stricter than the policy's: the stricter of both counts.

    std::optional<std::chrono::seconds> timeout = {};  ///< at least one second
    /// Of the approval: when the call starts at the latest. At least one second; where the policy has no start_within, a
    /// minute at most counts.
    std::optional<std::chrono::seconds> start_within = {};
    std::string risk_level = {};  ///< "low", "medium", "high" or "critical"
};

/// What policy, reviewers and record are told of it: an object without the members that are empty.
/// Throws ArgumentsRefusedError for what is longer than above, and Error (invalid_option) for limits that are none.
[[nodiscard]] Json context_of(const Call& call);

}  // namespace approvekit
