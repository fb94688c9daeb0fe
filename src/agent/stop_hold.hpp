#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/request.hpp"

#include <optional>

namespace approvekit::detail {

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
