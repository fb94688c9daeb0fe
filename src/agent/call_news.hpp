#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/request.hpp"

#include <cstddef>

namespace approvekit::detail {

class Agent;

/// What the listener to an agent's events is told of a call that waits: each thing once, and scrubbed. One thread at a
/// time.
class CallNews {
public:
    static void tell_waiting(const Agent& agent, const ApprovalRequest& request);

    /// Tells of the votes for `request` that stand in `found`, which is its row, and that nobody was told of; not of the
    /// one that decided.
    void tell_votes(const Agent& agent, const ApprovalRequest& request, const ApprovalRequest& found,
                    const CallScrubber& scrubber);
    /// The same, and of the approval; nothing where it is not approved on record, which the claim will say. Throws
    /// StorageError.
    void tell_approval(const Agent& agent, const ApprovalRequest& request, const CallScrubber& scrubber);

private:
    std::size_t told_votes_ = 0;
    bool is_approval_told_ = false;
};

}  // namespace approvekit::detail
