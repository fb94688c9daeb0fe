#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/request.hpp"

#include <cstddef>
#include <optional>

namespace approvekit::detail {

class Agent;

/// What the listener to an agent's events is told about a waiting call: each thing once, and scrubbed. For one thread
/// at a time.
class CallNews {
public:
    static void tell_waiting(const Agent& agent, const ApprovalRequest& request);

    /// Tells of the votes for `request` in its row `found` that nobody was told of yet, except for the vote that
    /// decided.
    void tell_votes(const Agent& agent, const ApprovalRequest& request, const ApprovalRequest& found,
                    const CallScrubber& scrubber);
    /// Tells of these votes and of the approval. Tells nothing if the request is not approved on record, which the
    /// claim will report. Throws StorageError.
    void tell_approval(const Agent& agent, const ApprovalRequest& request, const CallScrubber& scrubber);

private:
    std::size_t told_votes_ = 0;
    bool is_approval_told_ = false;
};

/// A stop that keeps an approved call from starting, as far as the call knows: only a claim tells for sure. The
/// listener to the agent's events is told of the first stop. For one thread at a time.
class StopHold {
public:
    /// Returns until when the call may start once the stop is lifted, or nothing if no stop was met yet.
    [[nodiscard]] const std::optional<Time>& until() const noexcept { return until_; }

    /// Whether a stop is in the way of a request that no longer waits for its decision. Throws StorageError.
    [[nodiscard]] bool is_met(const Agent& agent, const ApprovalRequest& request);

    /// To be called when a claim met a stop. Throws StorageError.
    void meet(const Agent& agent, const ApprovalRequest& request, const StoppedError& stopped);

private:
    void tell(const Agent& agent, const StoppedError& stopped);

    bool was_told_ = false;
    std::optional<Time> until_;
};

}  // namespace approvekit::detail
