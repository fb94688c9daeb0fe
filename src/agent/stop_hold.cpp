#include "agent/stop_hold.hpp"

#include "agent/agent.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace approvekit::detail {

StoppedError stopped_by(const Stop& stop, const std::string& tool_name, const std::string& request_id) {
    return StoppedError(tool_name, request_id, stop.id, stop.reviewer, stop.way, stop.reason);
}

bool StopHold::is_met(const Agent& agent, const ApprovalRequest& request) {
    auto stop = agent.find_stop(request.tool_name);
    // One that was taken over bears the name of another agent.
    if (!stop) stop = agent.storage()->find_stop(request.tool_name, request.agent);
    if (!stop) return false;
    const auto found = agent.storage()->find(request.id);
    if (!found || !found->start_by) return false;
    until_ = found->start_by;
    if (agent.clock().now() >= *until_) return false;
    tell(agent, stopped_by(*stop, request.tool_name, request.id));
    return true;
}

void StopHold::meet(const Agent& agent, const ApprovalRequest& request, const StoppedError& stopped) {
    constexpr std::chrono::milliseconds least{50};  // the record, which decides, may have another clock
    const auto found = agent.storage()->find(request.id);
    const Time now = agent.clock().now();
    until_ = std::max<Time>(now + least, found ? found->start_by.value_or(now) : now);
    tell(agent, stopped);
}

void StopHold::tell(const Agent& agent, const StoppedError& stopped) {
    if (std::exchange(was_told_, true)) return;
    agent.tell(Event::Kind::stopped, stopped.tool_name(), stopped.request_id(),
               std::string("approved, and waits: ") + stopped.what());
}

}  // namespace approvekit::detail
