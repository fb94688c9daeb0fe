#pragma once

#include "approvekit/request.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// Binds a key to a tool and its true arguments, so that they can be compared after a restart. A plain value.
struct CallCommitment {
    std::string secret_id;  ///< of the secret that it is keyed with; empty: none, as where nothing of a call is hidden
    std::string digest;     ///< hexadecimal
};

/// A call with an idempotency key, as an agent asks for it.
struct KeyedCall {
    std::string key;
    std::string tool_name;
    /// The first one is kept. Two calls are compared by those of the same secret; where there are none, they cannot be.
    std::vector<CallCommitment> commitments;
    /// Whether a request that waits, or was approved and not started, is the one that the agent itself would submit now,
    /// but for its id and its times. Asked within a transaction, maybe more than once. Empty: none is.
    std::function<bool(const ApprovalRequest& stored)> is_same;
    /// KeyedAnswer::place of what this call takes the place of; 0: of nothing.
    std::int64_t replaces = 0;
};

/// What a call with a key comes to. A plain value.
struct KeyedAnswer {
    enum class Kind {
        accepted,    ///< it is on record as asked
        taken_over,  ///< the request that waits, or was approved, is the asker's from now on
        ask_again,   ///< an earlier one did not run and is not the same; nothing is on record: ask with `replaces`
        ended,       ///< it was asked before and has ended, see `run` and `request`; it does not run again
        in_use,      ///< an agent that lives waits for it, or runs it
        conflict,    ///< the key is that of another call
    };

    Kind kind = Kind::accepted;
    std::int64_t place = 0;  ///< tells what was asked before with the key from all else that was
    std::string request_id;  ///< of what was asked before; empty where the policy allowed that at once
    std::string entry_id;    ///< of an accepted intent: its audit entry
    RunState run = RunState::none;
    std::string note;  ///< the error or the result of a run that ended
    std::optional<ApprovalRequest>
        request;  ///< of what was asked before, as the record has it; none was held or it is gone
};

}  // namespace approvekit
