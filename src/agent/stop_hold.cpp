#include "agent/stop_hold.hpp"

#include "agent/agent.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace approvekit::detail {

bool StopHold::is_met(const Agent& agent, const ApprovalRequest& request) {
    if (!agent.find_stop(request.tool_name)) return false;
    const auto found = agent.storage()->find(request.id);
    if (!found || !found->start_by) return false;
    until_ = found->start_by;
    return agent.clock().now() < *until_;
}

bool StopHold::meet(const Agent& agent, const ApprovalRequest& request) {
    constexpr std::chrono::milliseconds least{50};  // the record, which decides, may have another clock
    const auto found = agent.storage()->find(request.id);
    const Time now = agent.clock().now();
    until_ = std::max<Time>(now + least, found ? found->start_by.value_or(now) : now);
    return !std::exchange(was_met_, true);
}

}  // namespace approvekit::detail
