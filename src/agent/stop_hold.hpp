#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/request.hpp"

#include <optional>

namespace approvekit::detail {

class Agent;

/// A stop that keeps an approved call from its start, as far as the call knows: only a claim says it for sure. One thread
/// at a time.
class StopHold {
public:
    /// Until when the call may start once the stop is lifted; nothing where no stop was met yet.
    [[nodiscard]] const std::optional<Time>& until() const noexcept { return until_; }

    /// Looks whether there is one, for a request that does not wait for its decision any more. Throws StorageError.
    [[nodiscard]] bool is_met(const Agent& agent, const ApprovalRequest& request);

    /// A claim met one: returns whether it is the first. Throws StorageError.
    bool meet(const Agent& agent, const ApprovalRequest& request);
    /// Whether a claim has met one.
    [[nodiscard]] bool was_met() const noexcept { return was_met_; }

private:
    bool was_met_ = false;
    std::optional<Time> until_;
};

}  // namespace approvekit::detail
