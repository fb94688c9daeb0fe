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

/// A call between its submit and its start. Of the process that submitted it alone: the copy that a fork leaves in a
/// child may not run what the parent may.
class HeldCall {
public:
    HeldCall(std::shared_ptr<Agent> agent, ApprovalRequest request, SubmittedArguments submitted,
             std::shared_ptr<WaitingCall> waiting, std::string parent);
    /// A call with an idempotency key, which has no request yet.
    HeldCall(std::shared_ptr<Agent> agent, std::shared_ptr<WaitingCall> waiting, std::string parent);
    /// A call that the policy allowed at once. `is_started` says that its entry is its start; a ticket waits for that.
    HeldCall(std::string tool_name, Permit permit, std::string parent, bool is_started);
    /// A call that was refused at once.
    explicit HeldCall(std::exception_ptr answer);
    ~HeldCall();

    HeldCall(const HeldCall&) = delete;
    HeldCall& operator=(const HeldCall&) = delete;

    /// Gives it one that is on record already and outlives it: from now on its end leaves that to whoever asks next.
    void take_request(ApprovalRequest request) noexcept { request_ = std::move(request); }
    /// Before it is waited for: the policy that it keeps, and what it takes of a limit of that.
    void take_policy(AskedPolicy under, std::optional<LimitUse> use) noexcept {
        under_ = std::move(under);
        use_ = std::move(use);
    }
    /// After that: has it told of what becomes of the request.
    void enter(SubmittedArguments submitted);

    [[nodiscard]] const std::string& request_id() const noexcept { return request_.id; }
    [[nodiscard]] const ApprovalRequest& request() const noexcept { return request_; }
    /// Not by the constructor: who is told may decide at once, which takes one who listens.
    void tell_waiting() const;
    /// Takes in what became of a request that was on record before this was: it may be decided. Tells of it otherwise.
    void catch_up();
    /// Whether wait() would not have to: what is only said to have happened is looked up.
    [[nodiscard]] bool is_decided();
    /// Claims the call where it is decided, for wait() to hand out. False as long as wait() would have to wait, be it for
    /// the end of a stop. Throws StorageError where that cannot be told.
    [[nodiscard]] bool claim_ahead(const std::stop_token& stop);
    /// The same for one among very many: at `now` by the agent's clock, in the process that called ring_at().
    [[nodiscard]] bool is_decided_at(Time now);
    [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point until, const std::stop_token& stop);
    [[nodiscard]] std::optional<Time> deadline() const;
    /// When it does not have to be waited for any more, whatever happens: its deadline, or, while a stop holds the approved
    /// call up, the end of its time to start. Nothing for a call that never became a request.
    [[nodiscard]] std::optional<Time> end_of_time() const noexcept {
        return stop_.until() ? stop_.until() : request_.deadline;
    }
    [[nodiscard]] ApprovalStatus status() const;
    void on_decided(std::function<void()> listener);
    /// Whatever calls this one calls `bell` too, as long as that lives. `process` is this one.
    void ring_at(const std::shared_ptr<WaitingCall>& bell, ::pid_t process);
    /// The agent's clock; null for a call that never became a request.
    [[nodiscard]] const Clock* clock() const noexcept;
    /// How long it can be decided still, and where one waits for that without a thread; of a call that is not decided.
    [[nodiscard]] std::chrono::microseconds time_left() const;
    [[nodiscard]] const std::shared_ptr<TimerQueue>& awaiting() const noexcept;
    [[nodiscard]] Permit wait(const std::stop_token& stop);
    void cancel();

private:
    [[nodiscard]] std::chrono::steady_clock::time_point end_of_waiting() const;
    /// Nobody waits here any more, and whoever asks again with the key may take the request over. The call is settled
    /// even where this throws.
    void leave(const char* reason);
    void release_later() noexcept;
    [[nodiscard]] bool is_inherited() const noexcept;
    void check_process() const;
    [[nodiscard]] Permit hand_over(Permit permit);
    /// The request once it is not pending any more; nothing when it is said to be approved, for the claim will see.
    [[nodiscard]] std::optional<ApprovalRequest> await(const std::stop_token& stop);
    /// Why the call does not run, now that nobody waits for it.
    [[nodiscard]] std::exception_ptr withdraw();
    /// The same of a caller that is stopped, who leaves a request with a key to whoever asks next.
    [[nodiscard]] std::exception_ptr stop_waiting();
    [[nodiscard]] ApprovalRequest end(ApprovalStatus status, const char* reason);
    [[nodiscard]] Permit wait_and_claim(const std::stop_token& stop);
    /// Throws as Agent::require_parent does, and ends the request before: nobody else may start it either.
    void require_parent();
    void await_approval(const std::stop_token& stop);
    /// Nothing while a stop is in the way.
    [[nodiscard]] std::optional<Permit> claim();
    /// Has it wait on when a stop is in the way of its start. `look` says so; after trouble it is looked up again.
    template <typename Look>
    auto meet_stop(Look look);
    void tell_votes(const ApprovalRequest& found);
    /// The permit that is here already: one within a call that came to nothing comes to nothing too.
    [[nodiscard]] Permit take_permit(const Agent& agent);
    [[nodiscard]] bool is_pending();
    /// After trouble with the storage: whoever asks next looks at once.
    void look_again();
    [[nodiscard]] DecisionCheck verification() const;
    /// The words of a policy that was put in force since and denies the call; nothing where none does.
    [[nodiscard]] std::optional<std::string> new_denial() const;
    /// What a reviewer answered, to be thrown, once record and signature vouch for it; else why its caller gets nothing.
    [[nodiscard]] std::exception_ptr answered();
    /// As `decision` edits it; null for null. Throws RefusedError where it may not run so.
    [[nodiscard]] std::shared_ptr<const EditedCall> edited_call(const Decision* decision) const;
    /// Whether the record tells of this end already: another program may have written it into the row.
    [[nodiscard]] bool is_on_record(const ApprovalRequest& settled) const;
    [[nodiscard]] std::exception_ptr refusal(const ApprovalRequest& settled);
    [[nodiscard]] std::exception_ptr cancellation(const std::string& reason) const;
    /// Nobody waits from here on.
    void leave_place() noexcept;
    /// The same; whoever asks is told `answer`.
    void settle(std::exception_ptr answer) noexcept;

    std::shared_ptr<Agent> agent_;
    ApprovalRequest request_;  // as it was submitted
    std::optional<SubmittedArguments> submitted_;
    std::shared_ptr<WaitingCall> waiting_;  // null: nobody waits any more
    std::optional<Permit> permit_;          // of a call that was allowed at once, or was claimed ahead
    std::exception_ptr answer_;
    std::string parent_;  // as the caller gave it: the metadata may hide it
    ::pid_t process_;
    CallNews news_;
    bool has_key_ = false;
    bool is_cancelled_ = false;  // or was meant to be
    bool is_started_ = false;    // as the record has it: no stop that comes later is in its way
    StopHold stop_;
    AskedPolicy under_;
    std::optional<LimitUse> use_;
};

}  // namespace approvekit::detail
