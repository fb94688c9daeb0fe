#include "agent/running_calls.hpp"

#include "agent/agent.hpp"
#include "approvekit/detail/running_call.hpp"

#include <unistd.h>

#include <utility>

namespace approvekit::detail {
namespace {

std::string words_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& cause) {
        return cause.what();
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}

/// Returns false if the queue was closed, or if there is no memory for it.
bool was_handed_over(TimerQueue& queue, const std::function<void()>& listener) noexcept {
    try {
        return queue.call_soon(listener);
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

RunningCall::RunningCall(Permit permit, std::shared_ptr<RunStop> stop)
    : tool_name_(permit.run_ ? permit.run_->outcome.tool_name : std::string()),
      process_(::getpid()),
      permit_(std::move(permit)),
      stop_(std::move(stop)) {}

void RunningCall::enter(const std::shared_ptr<RunningCall>& self, std::shared_ptr<const void> tool) {
    if (!permit_.run_) return;
    tool_ = std::move(tool);
    agent_ = permit_.run_->agent;
    bool is_open = false;
    try {
        is_open = agent_->running_calls().enter(self);
    } catch (const std::exception&) {
        permit_.not_started("not started: there was no memory left to follow it");
        throw;
    }
    if (!is_open) permit_.refuse_as_cancelled("its agent closed its kit before it started");
}

void RunningCall::leave_thread() noexcept {
    const std::lock_guard lock(mutex_);  // whoever ends the run takes the permit
    if (!is_claimed_ && permit_.run_) permit_.run_->scrubber.leave_thread();
}

bool RunningCall::claim_end() {
    if (is_inherited()) return false;  // a thread that held the lock at the fork exists only in the parent
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_claimed_, true)) return false;
    if (permit_.run_) permit_.run_->agent->running_calls().leave(this);
    return true;
}

std::exception_ptr RunningCall::record_executed(const Json* result) noexcept {
    if (result != nullptr) {
        permit_.executed(*result);
    } else {
        permit_.executed();
    }
    return stopped();
}

bool RunningCall::fail(const std::exception_ptr& error) {
    if (!error) throw MisuseError("a completion needs an exception to fail with");
    if (!claim_end()) return false;
    try {
        end_failed(error);
    } catch (const std::exception&) {
        keep(std::current_exception());  // no memory for the message: the permit still says that the outcome is unknown
    }
    tell_end();
    return true;
}

bool RunningCall::unknown(std::string_view reason) {
    const auto told = std::make_exception_ptr(OutcomeUnknownError(tool_name_ + ": " + std::string(reason)));
    if (!claim_end()) return false;
    end_unknown(reason, told);
    tell_end();
    return true;
}

void RunningCall::end_thrown(const std::exception_ptr& error, bool others_may_answer) {
    if (!others_may_answer) return static_cast<void>(fail(error));
    try {
        static_cast<void>(unknown("it threw after handing its completion on: " + words_of(error)));
    } catch (const std::exception&) {
        abandon("it threw after handing its completion on");
    }
}

void RunningCall::drop() noexcept {
    abandon("its tool let go of the completion without an answer");
}

void RunningCall::close() noexcept {
    abandon("the agent closed its kit while it was running");
}

void RunningCall::abandon(const char* reason) noexcept {
    if (is_inherited()) return;
    try {
        unknown(reason);
    } catch (const std::exception&) {
        if (!claim_end()) return;
        end_unknown(reason, std::current_exception());  // no memory for the message
        tell_end();
    }
}

bool RunningCall::is_inherited() const noexcept {
    return ::getpid() != process_;
}

void RunningCall::end_failed(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const OutcomeUnknownError& unknown) {
        end_unknown(unknown.what(), error);
    } catch (const Error& cause) {
        keep(std::make_exception_ptr(permit_.failed_within(cause)));
    } catch (const std::exception& cause) {
        if (speaks_to_model()) return fail_in_own_words(cause);
        permit_.failed(cause.what());
        keep(error);
    } catch (...) {
        permit_.failed("an exception that is not a std::exception");
        keep(error);
    }
}

void RunningCall::fail_in_own_words(const std::exception& cause) {
    try {
        throw Error(ErrorCode::tool_failed, cause.what());
    } catch (const Error& own) {
        keep(std::make_exception_ptr(permit_.failed_within(own)));
    }
}

void RunningCall::end_unknown(std::string_view reason, const std::exception_ptr& told) noexcept {
    permit_.unknown(reason);
    keep(told);
}

void RunningCall::keep(std::exception_ptr told) noexcept {
    const std::exception_ptr instead = stopped();
    keep_error(instead ? instead : std::move(told));
}

std::exception_ptr RunningCall::stopped() const noexcept {
    if (!stop_) return nullptr;
    try {
        stop_->throw_if_stopped();
        return nullptr;
    } catch (...) {
        return std::current_exception();
    }
}

void RunningCall::tell_end() noexcept {
    const std::shared_ptr<TimerQueue> queue = elsewhere();
    agent_.reset();
    tool_.reset();  // before the end is known: whoever waits for it may be the last other owner
    std::unique_lock lock(mutex_);
    has_ended_ = true;
    ended_.notify_all();
    const auto listener = std::move(listener_);
    lock.unlock();
    if (!listener || (queue && was_handed_over(*queue, listener))) return;
    listener();
}

std::shared_ptr<TimerQueue> RunningCall::elsewhere() const noexcept {
    // A listener may run another tool. While that holds up this thread, nobody would measure the tool's time.
    const bool is_timer = agent_ && agent_->run_timer().is_on_this_thread();
    return is_timer ? agent_->awaiting() : nullptr;
}

void RunningCall::wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return has_ended_; });
}

bool RunningCall::has_ended() const {
    const std::lock_guard lock(mutex_);
    return has_ended_;
}

bool RunningCall::on_ended(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    if (has_ended_) return false;
    // The earlier one is destroyed without the lock, since it may own the owner of this object.
    listener_.swap(listener);
    return true;
}

void RunningCall::cancel() noexcept {
    if (stop_ && !is_inherited()) stop_->cancel();
}

void RunningCall::follow(const std::stop_token& caller) {
    if (stop_ && !is_inherited()) stop_->follow(caller);
}

bool RunningCalls::enter(const std::shared_ptr<RunningCall>& call) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return false;
    calls_.emplace(call.get(), call);
    return true;
}

void RunningCalls::leave(const RunningCall* call) noexcept {
    const std::lock_guard lock(mutex_);
    calls_.erase(call);
}

void RunningCalls::end_all() noexcept {
    std::unordered_map<const RunningCall*, std::weak_ptr<RunningCall>> calls;
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        calls.swap(calls_);
    }
    for (const auto& [place, weak] : calls) {
        if (const auto call = weak.lock()) call->close();
    }
}

}  // namespace approvekit::detail
