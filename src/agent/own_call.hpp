#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/agent_secret.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/request.hpp"

#include <exception>
#include <string>

namespace approvekit::detail {

/// A call with an idempotency key as its agent knows it, to compare with what the record has of an earlier call.
/// Borrows all of it.
struct OwnCall {
    const std::string& key;
    const std::string& tool_name;
    const std::string& canonical;  ///< the true arguments
    bool hides = false;            ///< whether reviewers see less than these
    const AgentSecret& secret;
    bool secret_lasts = false;  ///< whether the secret is the same after a restart
};

/// Returns the call as the record stores and compares it. If the call hides something, only the agent's secret binds it
/// to the key: with anything else, the hidden values could be found by trying.
[[nodiscard]] KeyedCall keyed(const OwnCall& call);

/// Returns a commitment to the call and, under the agent's secret, to everything that `shown` shows, whatever its own
/// action_digest says.
[[nodiscard]] ActionCommitment commitment_to(const OwnCall& call, const ApprovalRequest& shown);

/// Puts that commitment and the digest of the view into `request`.
void seal(const OwnCall& call, ApprovalRequest& request);

/// Whether the agent itself would submit `stored` now, as `own`: the same tool and true arguments, shown in the same
/// way, under the same policy, with a deadline that is not later. Who asks, the times, the model's words and its
/// conversation may differ if the secret proves that an agent with the same secret wrote them. If it cannot prove that
/// and reviewers sign, they may not differ. A request whose circle widens with time always needs that proof.
[[nodiscard]] bool would_submit(const OwnCall& call, const ApprovalRequest& own, const ApprovalRequest& stored);

/// Returns what to answer a call that is asked again if nothing may run. Texts about the earlier call contain nothing
/// that `scrubber` hides. Returns a StorageError if `answer` does not say how the call ended.
[[nodiscard]] std::exception_ptr refusal_of(const KeyedAnswer& answer, const std::string& tool_name,
                                            const CallScrubber& scrubber);

}  // namespace approvekit::detail
