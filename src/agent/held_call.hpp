#pragma once

#include "agent/call_arguments.hpp"
#include "agent/call_news.hpp"
#include "agent/policy_in_force.hpp"
#include "agent/waiting_calls.hpp"
#include "approvekit/approve_kit.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <sys/types.h>

namespace approvekit::detail {

class Agent;
class TimerQueue;

/// A call between its submission and its start. It belongs to the process that submitted it: the copy in a forked child
/// may not run what the parent may.
class HeldCall {
public:
    HeldCall(std::shared_ptr<Agent> agent, ApprovalRequest request, SubmittedArguments submitted,
             std::shared_ptr<WaitingCall> waiting, std::string parent);
    /// A call with an idempotency key that has no request yet.
    HeldCall(std::shared_ptr<Agent> agent, std::shared_ptr<WaitingCall> waiting, std::string parent);
    /// A call that the policy allowed at once. `is_started` says that its entry is already its start; with a ticket,
    /// the start comes later.
    HeldCall(std::string tool_name, Permit permit, std::string parent, bool is_started);
    /// A call that was refused at once.
    explicit HeldCall(std::exception_ptr answer);
    ~HeldCall();

    HeldCall(const HeldCall&) = delete;
    HeldCall& operator=(const HeldCall&) = delete;

    /// Gives the call a request that is already on record and outlives the call: from now on the end of the call leaves
    /// the request to whoever asks next.
    void take_request(ApprovalRequest request) noexcept { request_ = std::move(request); }
    /// To be called before anybody waits: sets the policy that the call keeps, and what it takes of one of its limits.
    void take_policy(AskedPolicy under, std::optional<LimitUse> use) noexcept {
        under_ = std::move(under);
        use_ = std::move(use);
    }
    /// To be called after that: from now on the call is told what becomes of the request.
    void enter(SubmittedArguments submitted);

    [[nodiscard]] const std::string& request_id() const noexcept { return request_.id; }
    [[nodiscard]] const ApprovalRequest& request() const noexcept { return request_; }
    /// Not part of the constructor: whoever is told may decide at once, and then somebody must be listening.
    void tell_waiting() const;
    /// Takes in what became of a request that was on record before this call: it may be decided already. If it is still
    /// pending, tells of it.
    void catch_up();
    /// Whether wait() would return without waiting. Looks at the record if something only may have happened.
    [[nodiscard]] bool is_decided();
    /// Claims the call if it is decided, for wait() to hand out. Returns false as long as wait() would have to wait,
    /// even if only for the end of a stop. Throws StorageError if that cannot be determined.
    [[nodiscard]] bool claim_ahead(const std::stop_token& stop);
    /// Like is_decided(), for one of very many calls: at `now` by the agent's clock, in the process that called
    /// ring_at().
    [[nodiscard]] bool is_decided_at(Time now);
    [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point until, const std::stop_token& stop);
    [[nodiscard]] std::optional<Time> deadline() const;
    /// Returns when nobody has to wait any more, whatever happens: the deadline, or, while a stop holds the approved
    /// call up, the end of its time to start. Returns nothing for a call that never became a request.
    [[nodiscard]] std::optional<Time> end_of_time() const noexcept {
        return stop_.until() ? stop_.until() : request_.deadline;
    }
    [[nodiscard]] ApprovalStatus status() const;
    void on_decided(std::function<void()> listener);
    /// From now on whatever notifies this call notifies `bell` too, as long as `bell` exists. `process` is the current
    /// process.
    void ring_at(const std::shared_ptr<WaitingCall>& bell, ::pid_t process);
    /// Returns the agent's clock, or null for a call that never became a request.
    [[nodiscard]] const Clock* clock() const noexcept;
    /// How long the call can still be decided, and the queue on which to wait for that without a thread. Only for a
    /// call that is not decided.
    [[nodiscard]] std::chrono::microseconds time_left() const;
    [[nodiscard]] const std::shared_ptr<TimerQueue>& awaiting() const noexcept;
    [[nodiscard]] Permit wait(const std::stop_token& stop);
    void cancel();

private:
    [[nodiscard]] std::chrono::steady_clock::time_point end_of_waiting() const;
    /// Stops waiting here: whoever asks again with the key may take the request over. The call is settled even if this
    /// throws.
    void leave(const char* reason);
    void release_later() noexcept;
    [[nodiscard]] bool is_inherited() const noexcept;
    void check_process() const;
    [[nodiscard]] Permit hand_over(Permit permit);
    /// Returns the request once it is no longer pending, or nothing if it is said to be approved, since the claim will
    /// check that.
    [[nodiscard]] std::optional<ApprovalRequest> await(const std::stop_token& stop);
    /// Ends the request, since nobody waits for it any more. Returns why the call does not run.
    [[nodiscard]] std::exception_ptr withdraw();
    /// Does the same for a caller that is stopped. A request with a key is left to whoever asks next.
    [[nodiscard]] std::exception_ptr stop_waiting();
    [[nodiscard]] ApprovalRequest end(ApprovalStatus status, const char* reason);
    [[nodiscard]] Permit wait_and_claim(const std::stop_token& stop);
    /// Throws like Agent::require_parent(), but ends the request first, so that nobody else can start it either.
    void require_parent();
    void await_approval(const std::stop_token& stop);
    /// Returns nothing while a stop is in the way.
    [[nodiscard]] std::optional<Permit> claim();
    /// Calls `look`, which finds out whether a stop is in the way of the start, so that the call waits on. If `look`
    /// throws, the next one to ask looks again.
    template <typename Look>
    auto meet_stop(Look look);
    void tell_votes(const ApprovalRequest& found);
    /// Returns the permit that the call already has. Throws RefusedError if the call has not started yet and a stop,
    /// its grant or the call around it is in the way.
    [[nodiscard]] Permit take_permit(const Agent& agent);
    [[nodiscard]] bool is_pending();
    /// To be called after trouble with the storage: whoever asks next looks at once.
    void look_again();
    [[nodiscard]] DecisionCheck verification() const;
    /// Returns the words with which a policy that came into force since then denies the call, or nothing if none does.
    [[nodiscard]] std::optional<std::string> new_denial() const;
    /// Returns what to throw: what a reviewer answered, if record and signature vouch for it; otherwise why the caller
    /// gets nothing.
    [[nodiscard]] std::exception_ptr answered();
    /// Returns the call as `decision` edits it, or null if `decision` is null. Throws RefusedError if it may not run
    /// like that.
    [[nodiscard]] std::shared_ptr<const EditedCall> edited_call(const Decision* decision) const;
    /// Whether the record already has this end. If not, another program may have written it into the row.
    [[nodiscard]] bool is_on_record(const ApprovalRequest& settled) const;
    [[nodiscard]] std::exception_ptr refusal(const ApprovalRequest& settled);
    [[nodiscard]] std::exception_ptr cancellation(const std::string& reason) const;
    /// From here on nobody waits.
    void leave_place() noexcept;
    /// Does the same. Whoever asks from now on is told `answer`.
    void settle(std::exception_ptr answer) noexcept;

    std::shared_ptr<Agent> agent_;
    ApprovalRequest request_;  // as it was submitted
    std::optional<SubmittedArguments> submitted_;
    std::shared_ptr<WaitingCall> waiting_;  // null once nobody waits any more
    std::optional<Permit> permit_;          // of a call that was allowed at once, or claimed ahead
    std::exception_ptr answer_;
    std::string parent_;  // as the caller gave it, since the metadata may hide it
    ::pid_t process_;
    CallNews news_;
    bool has_key_ = false;
    bool is_cancelled_ = false;  // or somebody tried to cancel it
    bool is_started_ = false;    // according to the record: a later stop cannot hold it up
    StopHold stop_;
    AskedPolicy under_;
    std::optional<LimitUse> use_;
};

}  // namespace approvekit::detail
