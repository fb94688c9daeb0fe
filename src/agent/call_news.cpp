#include "agent/call_news.hpp"

#include "agent/agent.hpp"
#include "approvekit/quorum.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::detail {
namespace {

void tell(const Agent& agent, Event::Kind kind, const ApprovalRequest& request, const std::string& text) {
    agent.tell(kind, request.tool_name, request.id, text + " (request " + request.id + ")");
}

std::string with_notes(const std::string& text, const std::string& notes, const CallScrubber& scrubber) {
    const std::string shown = scrubber.scrub(notes);
    return shown.empty() ? text : text + ": " + shown;
}

std::string paths_of(const Json& edits) {
    std::string text;
    for (const auto& [path, value] : edits.items())
        text += (text.empty() ? "" : ", ") + path;
    return text;
}

}  // namespace

void CallNews::tell_waiting(const Agent& agent, const ApprovalRequest& request) {
    if (!agent.tells_events()) return;
    std::string text =
        request.tool_name + " waits for approval until " + to_text(*request.deadline).substr(0, 19) + "Z";
    if (const std::string risk = request.risk_level(); !risk.empty()) text += ", risk " + risk;
    tell(agent, Event::Kind::waiting, request, text);
}

void CallNews::tell_votes(const Agent& agent, const ApprovalRequest& request, const ApprovalRequest& found,
                          const CallScrubber& scrubber) {
    const std::optional<Quorum> quorum = request.quorum();
    if (!quorum || !agent.tells_events()) return;
    const std::size_t deciding = found.status == ApprovalStatus::pending ? 0 : 1;
    for (; told_votes_ + deciding < found.votes.size(); ++told_votes_) {
        const Decision& vote = found.votes[told_votes_].decision;
        const std::string text =
            with_notes(request.tool_name + " has the approval of " + vote.reviewer, vote.notes, scrubber);
        const std::vector<Vote> so_far(found.votes.data(), found.votes.data() + told_votes_ + 1);
        tell(agent, Event::Kind::voted, request,
             text + "; " + std::to_string(quorum->missing(so_far)) + " more needed");
    }
}

void CallNews::tell_approval(const Agent& agent, const ApprovalRequest& request, const CallScrubber& scrubber) {
    if (is_approval_told_ || !agent.tells_events()) return;
    const auto found = agent.storage()->find(request.id);
    if (!found || found->status != ApprovalStatus::approved) return;
    tell_votes(agent, request, *found, scrubber);
    std::string text = request.tool_name + " was approved by " + found->reviewer;
    if (told_votes_ > 0) text += ", the last of " + std::to_string(found->votes.size());
    if (found->edited) text += ", who changed " + paths_of(found->edited->edits);
    is_approval_told_ = true;
    tell(agent, Event::Kind::decided, request, with_notes(text, found->reviewer_notes.value_or(""), scrubber));
}

StoppedError stopped_by(const Stop& stop, const std::string& tool_name, const std::string& request_id) {
    return StoppedError(tool_name, request_id, stop.id, stop.reviewer, stop.way, stop.reason);
}

bool StopHold::is_met(const Agent& agent, const ApprovalRequest& request) {
    auto stop = agent.find_stop(request.tool_name);
    // A request that was taken over carries the name of another agent.
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
    constexpr std::chrono::milliseconds least{50};  // the record decides, and its clock may differ
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
