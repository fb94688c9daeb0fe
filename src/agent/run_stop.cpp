#include "approvekit/detail/run_stop.hpp"

#include "agent/agent.hpp"
#include "approvekit/error.hpp"

#include <utility>

namespace approvekit::detail {
namespace {

constexpr std::string_view cancelled_story = "cancelled while running";
constexpr std::string_view timed_out_story = "timed out while running";

std::string what_it_did(RunState state, std::string_view note) {
    switch (state) {
        case RunState::executed:
            return "it then returned";
        case RunState::failed:
            return "it then failed: " + std::string(note);
        default:
            return "nobody knows what it then did: " + std::string(note);
    }
}

}  // namespace

bool tells_of_a_stop(std::string_view note) noexcept {
    return note.starts_with(cancelled_story) || note.starts_with(timed_out_story);
}

RunStop::RunStop(std::string tool_name, std::string request_id, std::chrono::seconds run_timeout)
    : tool_name_(std::move(tool_name)), request_id_(std::move(request_id)), run_timeout_(run_timeout) {}

void RunStop::follow(const std::stop_token& caller) {
    if (caller.stop_possible()) callers_.emplace_front(caller, Cancel{this});
}

void RunStop::cancel() noexcept {
    ask(Reason::cancelled);
}

void RunStop::time_out() noexcept {
    ask(Reason::timed_out);
}

void RunStop::ask(Reason reason) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (has_ended_ || reason_ != Reason::none) return;
        reason_ = reason;
    }
    // A copy, since the tool may end at once and take this object with it.
    std::stop_source source = source_;
    source.request_stop();
}

bool RunStop::is_asked() const noexcept {
    const std::lock_guard lock(mutex_);
    return reason_ != Reason::none;
}

void RunStop::end(RunState state) noexcept {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    state_ = state;
    if (state == RunState::none) reason_ = Reason::none;
}

std::string RunStop::tell(std::string_view note) {
    const std::lock_guard lock(mutex_);
    if (reason_ == Reason::none) return std::string(note);
    const bool cancelled = reason_ == Reason::cancelled;
    story_ = cancelled ? std::string(cancelled_story)
                       : std::string(timed_out_story) + " (run_timeout " + std::to_string(run_timeout_.count()) + " s)";
    story_ += ": " + what_it_did(state_, note);
    return story_;
}

void RunStop::throw_if_stopped() const {
    const std::lock_guard lock(mutex_);
    if (!has_ended_ || reason_ == Reason::none) return;
    const bool cancelled = reason_ == Reason::cancelled;
    throw RunStoppedError(cancelled ? ErrorCode::cancelled_while_running : ErrorCode::timed_out_while_running,
                          tool_name_, request_id_, story_);
}

std::string words_on_endless_run(std::chrono::seconds run_timeout) {
    return "its rule lets it run for " + std::to_string(run_timeout.count()) +
           " s, and this tool takes no std::stop_token by which it could be asked to stop";
}

}  // namespace approvekit::detail
