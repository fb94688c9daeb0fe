#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/request.hpp"

#include <cstddef>
#include <optional>

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

class Agent;

/// A stop that keeps an approved call from its start, as far as the call knows: only a claim says it for sure. Whoever
/// listens to the agent's events is told of the first one. One thread at a time.
class StopHold {
public:
    /// Until when the call may start once the stop is lifted; nothing where no stop was met yet.
    [[nodiscard]] const std::optional<Time>& until() const noexcept { return until_; }

    /// Looks whether there is one, for a request that does not wait for its decision any more. Throws StorageError.
    [[nodiscard]] bool is_met(const Agent& agent, const ApprovalRequest& request);

    /// A claim met one. Throws StorageError.
    void meet(const Agent& agent, const ApprovalRequest& request, const StoppedError& stopped);

private:
    void tell(const Agent& agent, const StoppedError& stopped);

    bool was_told_ = false;
    std::optional<Time> until_;
};

}  // namespace approvekit::detail
