#pragma once

#include "agent/call_scrubber.hpp"
#include "agent/submitted_arguments.hpp"
#include "agent/waiting_calls.hpp"
#include "approvekit/approve_kit.hpp"
#include "approvekit/redaction.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace approvekit {

struct Permit::Run {
    std::shared_ptr<Storage> storage;
    detail::CallScrubber scrubber;
    RunOutcome outcome;
    detail::SubmittedArguments submitted;
    std::shared_ptr<detail::Agent> agent;
};

namespace detail {

/// A call between its submit and its start. Of the process that submitted it alone: the copy that a fork leaves in a
/// child may not run what the parent may.
class HeldCall {
public:
    HeldCall(std::shared_ptr<Agent> agent, ApprovalRequest request, SubmittedArguments submitted,
             std::shared_ptr<WaitingCall> waiting);
    /// A call that the policy allowed at once.
    HeldCall(std::string tool_name, Permit permit);
    /// A call that was refused at once.
    explicit HeldCall(std::exception_ptr answer);
    ~HeldCall();

    HeldCall(const HeldCall&) = delete;
    HeldCall& operator=(const HeldCall&) = delete;

    [[nodiscard]] const std::string& request_id() const noexcept { return request_.id; }
    /// Not by the constructor: who is told may decide at once, which takes one who listens.
    void tell_waiting() const;
    [[nodiscard]] bool ready() const;
    /// The same for sure: what is only said to have happened is looked up.
    [[nodiscard]] bool is_decided();
    [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point until, const std::stop_token& stop);
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] ApprovalStatus status() const;
    void on_decided(std::function<void()> listener);
    /// Whatever calls this one calls `bell` too, as long as that lives. Returns when nothing calls any more.
    std::chrono::steady_clock::time_point ring_at(const std::shared_ptr<WaitingCall>& bell);
    [[nodiscard]] Permit wait(const std::stop_token& stop);
    void cancel();

private:
    [[nodiscard]] std::chrono::steady_clock::time_point end_of_waiting() const;
    [[nodiscard]] bool is_inherited() const noexcept;
    void check_process() const;
    [[nodiscard]] Permit hand_over(Permit permit);
    /// The request once it is not pending any more; nothing when it is said to be approved, for the claim will see.
    [[nodiscard]] std::optional<ApprovalRequest> await(const std::stop_token& stop);
    /// Why the call does not run, now that nobody waits for it.
    [[nodiscard]] std::exception_ptr withdraw();
    [[nodiscard]] ApprovalRequest end(ApprovalStatus status, const char* reason);
    [[nodiscard]] Permit wait_and_claim(const std::stop_token& stop);
    [[nodiscard]] Permit claim();
    void tell_approval() const;
    /// A call within one that came to nothing comes to nothing too.
    void require_parent();
    [[nodiscard]] DecisionCheck verification() const;
    /// Whether the record tells of this end already: another program may have written it into the row.
    [[nodiscard]] bool is_on_record(const ApprovalRequest& settled) const;
    [[nodiscard]] std::exception_ptr refusal(const ApprovalRequest& settled);
    [[nodiscard]] std::exception_ptr cancellation(const std::string& reason) const;
    /// Nobody waits from here on; whoever asks is told `answer`.
    void settle(std::exception_ptr answer) noexcept;

    std::shared_ptr<Agent> agent_;
    ApprovalRequest request_;  // as it was submitted
    std::optional<SubmittedArguments> submitted_;
    std::shared_ptr<WaitingCall> waiting_;  // null: nobody waits any more
    std::optional<Permit> permit_;
    std::exception_ptr answer_;
    ::pid_t process_;
};

/// What a call brings besides its tool and its arguments. Borrows all of it.
struct Asked {
    const Call* call = nullptr;  ///< null: nothing
    std::span<const std::string> order = {};
};

/// What all copies of an ApproveKit share.
class Agent : public std::enable_shared_from_this<Agent> {
public:
    Agent(Policy policy, std::shared_ptr<Storage> storage, ApproveKit::Options options);

    /// Separate from the constructor because the listener must be shared already.
    void listen();

    [[nodiscard]] PendingCall submit(std::string_view tool_name, const Json& arguments, const Asked& asked);
    [[nodiscard]] Json parse(std::string_view tool_name, std::string_view text) const;
    void decide(Verdict verdict, std::string_view request_id, std::string_view notes, std::string_view reviewer);

    /// Throws ApprovalCancelledError when the request `parent` does not stand. Nothing for an empty one.
    void require_parent(const std::string& parent, const std::string& tool_name, const std::string& request_id) const;

    [[nodiscard]] bool records_results() const noexcept { return options_.record_results; }
    /// A result without what the rule of its tool hides. Throws ArgumentsRefusedError when that cannot be told.
    [[nodiscard]] std::string recorded_result(const std::string& tool_name, const Json& result) const;

    [[nodiscard]] bool tells_events() const noexcept { return static_cast<bool>(options_.on_event); }
    void tell(Event::Kind kind, std::string_view tool_name, std::string_view request_id,
              std::string_view text) const noexcept;
    /// What stopped a call: a refusal, trouble with the storage.
    void tell(const RefusedError& refusal) const noexcept;
    void tell(const StorageError& error, std::string_view tool_name) const noexcept;
    void tell_refused(std::string_view tool_name, const Json& arguments, const RefusedError& error) const;

    [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
    [[nodiscard]] const std::shared_ptr<Storage>& storage() const noexcept { return storage_; }
    [[nodiscard]] const Clock& clock() const noexcept { return *options_.clock; }
    [[nodiscard]] WaitingCalls& waiting_calls() noexcept { return *waiting_calls_; }

    [[nodiscard]] static Permit permit(Permit::Run run) {
        return Permit(std::make_unique<Permit::Run>(std::move(run)));
    }

private:
    struct Prepared;

    [[nodiscard]] PendingCall take(std::string_view tool_name, const Json& arguments, const Asked& asked);
    [[nodiscard]] Prepared prepare(std::string_view tool_name, const Json& arguments, const Asked& asked) const;
    [[nodiscard]] Ruling judge(std::string_view tool_name, const Json& arguments, const Json& context) const;
    /// The call's context with the kit's own words; null for none.
    [[nodiscard]] Json context(std::string_view tool_name, const Call* call) const;
    [[nodiscard]] Permit allow(Prepared prepared);
    [[nodiscard]] PendingCall hold(Prepared prepared);
    [[noreturn]] void deny(Prepared prepared);
    [[nodiscard]] ApprovalRequest make_request(const Prepared& prepared, const ActionCommitment& commitment) const;

    Policy policy_;
    std::shared_ptr<Storage> storage_;
    ApproveKit::Options options_;
    FingerprintKey fingerprints_;
    std::shared_ptr<WaitingCalls> waiting_calls_ = std::make_shared<WaitingCalls>();
    std::once_flag listening_;
    std::unique_ptr<Subscription> subscription_;
};

}  // namespace detail
}  // namespace approvekit
