#pragma once

#include "approvekit/request.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// Binds an idempotency key to a tool and its true arguments, so that calls can be compared after a restart. A plain
/// value.
struct CallCommitment {
    /// Id of the secret that the digest is keyed with; empty: none, as for a call of which nothing is hidden.
    std::string secret_id;
    std::string digest;  ///< hexadecimal
};

/// A call with an idempotency key, as an agent submits it.
struct KeyedCall {
    std::string key;
    std::string tool_name;
    /// The first one is stored. Two calls are compared by their commitments with the same secret; without a common
    /// secret they cannot be compared.
    std::vector<CallCommitment> commitments;
    /// Whether a stored request that is pending, or approved and not started, is the one that the agent itself would
    /// submit now, apart from its id and its times. Called inside a transaction, maybe more than once. Empty: no
    /// request is.
    std::function<bool(const ApprovalRequest& stored)> is_same;
    /// KeyedAnswer::place of the earlier call that this call replaces; 0: none.
    std::int64_t replaces = 0;
};

/// The storage's answer to a call with a key. A plain value.
struct KeyedAnswer {
    enum class Kind {
        accepted,    ///< the call is recorded
        taken_over,  ///< the pending or approved request now belongs to this agent
        /// An earlier call did not run and is not the same; nothing was recorded: ask again with `replaces`.
        ask_again,
        ended,     ///< the call was asked before and has ended, see `run` and `request`; it does not run again
        in_use,    ///< a live agent is waiting for it or running it
        conflict,  ///< the key belongs to another call
    };

    Kind kind = Kind::accepted;
    std::int64_t place = 0;  ///< identifies the earlier call with this key
    std::string request_id;  ///< of the earlier call; empty when the policy allowed that call at once
    std::string entry_id;    ///< the audit entry of an accepted intent
    RunState run = RunState::none;
    std::string note;  ///< the error or the result of a run that has ended
    /// The request of the earlier call, as it is in the record. Missing when there was none or it is gone.
    std::optional<ApprovalRequest> request = {};
};

}  // namespace approvekit
