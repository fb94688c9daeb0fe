#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/agent_secret.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/request.hpp"

#include <exception>
#include <string>

namespace approvekit::detail {

/// A call with an idempotency key as its agent knows it, to be held against what the record has of one before it.
/// Borrows all of it.
struct OwnCall {
    const std::string& key;
    const std::string& tool_name;
    const std::string& canonical;  ///< the true arguments
    bool hides = false;            ///< whether reviewers see less than them
    const AgentSecret& secret;
    bool secret_lasts = false;  ///< whether it is the same after a restart
};

/// The call as the record keeps and compares it. What hides something is bound to the key by the agent's secret alone:
/// anything else could be searched.
[[nodiscard]] KeyedCall keyed(const OwnCall& call);

/// Commits to the call and, under the agent's secret, to all that `shown` shows, whatever its own action_digest says.
[[nodiscard]] ActionCommitment commitment_to(const OwnCall& call, const ApprovalRequest& shown);

/// Puts that commitment into `request`, and the digest of its view.
void seal(const OwnCall& call, ApprovalRequest& request);

/// Whether the agent would submit `stored` itself now, as `own`: the same tool and true arguments, shown in the same way,
/// under the same policy and for no longer. Who asks, the times, the model's words and its conversation may differ, if
/// the secret proves that an agent with it wrote them; where it cannot, and reviewers sign, they may not. A request whose
/// circle widens with time takes that proof in any case.
[[nodiscard]] bool would_submit(const OwnCall& call, const ApprovalRequest& own, const ApprovalRequest& stored);

/// What asking again is answered with, where nothing may run. Of texts about the earlier call nothing is told that
/// `scrubber` hides. A StorageError where the answer does not say how the call ended.
[[nodiscard]] std::exception_ptr refusal_of(const KeyedAnswer& answer, const std::string& tool_name,
                                            const CallScrubber& scrubber);

}  // namespace approvekit::detail
