#pragma once

#include "agent/call_arguments.hpp"
#include "agent/call_scrubber.hpp"
#include "agent/granted_call.hpp"
#include "agent/own_call.hpp"
#include "agent/policy_in_force.hpp"
#include "agent/running_calls.hpp"
#include "agent/timer.hpp"
#include "agent/waiting_calls.hpp"
#include "approvekit/approve_kit.hpp"
#include "approvekit/redaction.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace approvekit::record {
struct NotCovered;
}

namespace approvekit {

struct Permit::Run {
    std::shared_ptr<Storage> storage;
    detail::CallScrubber scrubber;
    RunOutcome outcome;
    detail::SubmittedArguments submitted;
    std::shared_ptr<detail::Agent> agent;
    std::chrono::seconds run_timeout{0};  ///< of its rule; zero if the rule sets none
    detail::AskedPolicy under;
    std::shared_ptr<const detail::EditedCall> edited = {};  ///< null if nobody edited the call
    std::shared_ptr<detail::RunStop> stop = {};             ///< null if the tool cannot be asked to stop
    detail::TimerQueue::Entry time_out = {};
    ::pid_t process = ::getpid();
    bool is_start_expected = false;
    bool is_started = false;
};

namespace detail {

/// What a caller passes besides the tool and its arguments. Borrows all of it.
struct Asked {
    const Call* call = nullptr;  ///< null if there is none
    std::span<const std::string> order = {};
    bool can_stop = false;        ///< whether the tool can be asked to stop
    bool starts_at_once = false;  ///< whether the call starts as part of being asked for, if the policy allows it
};

/// Returns why a tool that cannot be asked to stop does not run under a rule with a run_timeout.
[[nodiscard]] std::string words_on_endless_run(std::chrono::seconds run_timeout);

/// Returns the error with which `stop` refuses a call.
[[nodiscard]] StoppedError stopped_by(const Stop& stop, const std::string& tool_name, const std::string& request_id);

/// What all copies of an ApproveKit share.
class Agent : public std::enable_shared_from_this<Agent> {
public:
    Agent(Policy policy, std::shared_ptr<Storage> storage, ApproveKit::Options options);

    /// Separate from the constructor because the listener must be shared already.
    void listen();

    [[nodiscard]] PendingCall submit(std::string_view tool_name, const Json& arguments, const Asked& asked);
    [[nodiscard]] Json parse(std::string_view tool_name, std::string_view text) const;
    void decide(Verdict verdict, std::string_view request_id, std::string_view notes, std::string_view reviewer);

    /// Throws ApprovalCancelledError if the request `parent` is not on record, ended without an approval, or was
    /// approved but did not start. Does nothing if `parent` is empty.
    void require_parent(const std::string& parent, const std::string& tool_name, const std::string& request_id) const;

    /// Returns the stop in force that covers this agent's calls of the tool, or nothing if there is none.
    [[nodiscard]] std::optional<Stop> find_stop(std::string_view tool_name) const;
    /// Throws ApprovalCancelledError if the grant with this id no longer lets anything start. Does nothing if the id is
    /// empty.
    void require_live_grant(const std::string& grant_id, const std::string& tool_name) const;

    /// Throws StoppedError if a stop covers this agent's calls of the tool.
    void require_no_stop(const std::string& tool_name) const;

    [[nodiscard]] bool records_results() const noexcept { return options_.record_results; }
    /// Returns the result without what the rule of its tool in `policy` hides. Throws ArgumentsRefusedError if that
    /// cannot be determined.
    [[nodiscard]] std::string recorded_result(const Policy& policy, const std::string& tool_name,
                                              const Json& result) const;

    void reload(Policy policy);
    /// Returns the words with which the policy in force denies a call that was asked under another policy, or nothing
    /// if it does not deny it.
    [[nodiscard]] std::optional<std::string> find_new_denial(const std::string& tool_name, const AskedPolicy& under,
                                                             const Json& arguments) const;

    /// Returns the call as `decision` edits it. `request` is the call as it was submitted, `under` the policy under
    /// which it was asked. Throws RefusedError if it may not run like that.
    [[nodiscard]] std::shared_ptr<const EditedCall> edited_call(const ApprovalRequest& request,
                                                                const AskedPolicy& under,
                                                                const Decision& decision) const;

    [[nodiscard]] bool tells_events() const noexcept { return static_cast<bool>(options_.on_event); }
    void tell(Event::Kind kind, std::string_view tool_name, std::string_view request_id,
              std::string_view text) const noexcept;
    /// Tells what stopped a call: a refusal, or trouble with the storage.
    void tell(const RefusedError& refusal) const noexcept;
    void tell(const StorageError& error, std::string_view tool_name) const noexcept;
    /// Does `work`. If it throws one of these two, tells of it and throws it on.
    template <typename Work>
    auto telling_trouble(std::string_view tool_name, Work work) const {
        try {
            return work();
        } catch (const RefusedError& refusal) {
            tell(refusal);
            throw;
        } catch (const StorageError& error) {
            tell(error, tool_name);
            throw;
        }
    }
    /// Tells that arguments were refused, and returns the refusal without what the policy hides in them.
    [[nodiscard]] ArgumentsRefusedError refuse_arguments(const std::string& tool_name, const Json& arguments,
                                                         std::string_view why) const;

    [[nodiscard]] const std::string& name() const noexcept { return options_.agent; }
    [[nodiscard]] Policy policy() const { return *policy_.get(); }
    [[nodiscard]] const std::shared_ptr<Storage>& storage() const noexcept { return storage_; }
    [[nodiscard]] const Clock& clock() const noexcept { return *options_.clock; }
    [[nodiscard]] WaitingCalls& waiting_calls() noexcept { return *waiting_calls_; }
    [[nodiscard]] RunningCalls& running_calls() noexcept { return running_calls_; }
    [[nodiscard]] TimerQueue& run_timer() noexcept { return *run_timer_.queue(); }
    /// The queue on which coroutines continue when their calls are decided. Separate from run_timer(), which they must
    /// not delay.
    [[nodiscard]] const std::shared_ptr<TimerQueue>& awaiting() const noexcept { return awaiting_.queue(); }

    [[nodiscard]] static Permit permit(Permit::Run run) {
        return Permit(std::make_unique<Permit::Run>(std::move(run)));
    }

private:
    struct Prepared;

    [[nodiscard]] PendingCall take(std::string_view tool_name, const Json& arguments, const Asked& asked);
    [[nodiscard]] Prepared prepare(std::string_view tool_name, const Json& arguments, const Asked& asked) const;
    [[nodiscard]] Ruling judge(const Policy& policy, Time asked_at, std::string_view tool_name, const Json& arguments,
                               const Json& context) const;
    [[nodiscard]] Ruling judge_edited(const ApprovalRequest& request, const AskedPolicy& under, const Json& asked,
                                      const Json& edited, const std::string& reviewer) const;
    [[nodiscard]] Json shown_arguments(const PolicyRule& rule, const Json& arguments, const AskedPolicy& under) const;
    /// Returns the call's context together with the kit's environment and tags; null if there is none.
    [[nodiscard]] Json context(std::string_view tool_name, const Call* call) const;
    /// Once the start is on record, moves out of `prepared` what it needs.
    [[nodiscard]] Permit allow(Prepared& prepared);
    /// Does the same by a grant, or without one if `grant` is null. Returns nothing, with nothing on record, if the
    /// grant has no room for the call.
    [[nodiscard]] std::optional<Permit> allow_by(const GrantUse* grant, Prepared& prepared);
    /// Lets a call that its rule holds run if a grant covers it. Returns nothing if none does; `prepared` then has what
    /// the reviewers are to be told about that.
    [[nodiscard]] std::optional<Permit> allow_by_any_grant(Prepared& prepared);
    /// Grants that were found before count only as long as nobody else has written to the record since.
    enum class Finding { before, now };
    [[nodiscard]] std::optional<Permit> allow_by_one_of(const std::vector<GivenGrant>& grants, Finding found,
                                                        Prepared& prepared);
    /// Returns why the grant does not let the call run that would be submitted as `request`, or nothing if it does.
    [[nodiscard]] std::optional<record::NotCovered> objection_to(const GivenGrant& given, const Prepared& prepared,
                                                                 const ApprovalRequest& request) const;
    /// Holds a call that is beyond a limit, if people decide on calls beyond that limit.
    [[nodiscard]] PendingCall allow_or_hold(Prepared prepared);
    [[nodiscard]] PendingCall allow_by_grant_or_hold(Prepared prepared);
    [[nodiscard]] PendingCall hold(Prepared prepared);
    /// Refuses a call that is beyond the limit of its rule even on its own: people would be asked in vain.
    void require_fit(Prepared& prepared);
    /// Like allow() and hold(), for a call with an idempotency key. allow_keyed() returns the entry id of the intent.
    [[nodiscard]] std::string allow_keyed(const Intent& intent, const Prepared& prepared);
    [[nodiscard]] PendingCall hold_keyed(Prepared prepared);
    /// Submits `request` with its key. Returns it, or the request that it takes over. Otherwise throws what the call
    /// comes to.
    [[nodiscard]] ApprovalRequest submit_keyed(ApprovalRequest request, const OwnCall& own,
                                               const CallScrubber& scrubber);
    /// Returns what to throw if a reviewer answered the call when it was asked before. `request` is that earlier
    /// request; the call would submit the same one now.
    [[nodiscard]] std::exception_ptr earlier_answer(const ApprovalRequest& request, const CallScrubber& scrubber) const;
    [[nodiscard]] OwnCall own_call(const Prepared& prepared) const;
    [[noreturn]] void deny(Prepared prepared, const std::string& words);
    [[nodiscard]] ApprovalRequest make_request(const Prepared& prepared, std::string action_digest) const;

    PolicyInForce policy_;
    std::shared_ptr<Storage> storage_;
    ApproveKit::Options options_;
    FingerprintKey fingerprints_;
    AgentSecret secret_;
    FoundGrants found_grants_;
    std::shared_ptr<WaitingCalls> waiting_calls_ = std::make_shared<WaitingCalls>();
    std::mutex listening_;
    std::unique_ptr<Subscription> subscription_;
    RunningCalls running_calls_;
    Timer run_timer_{options_.clock};
    Timer awaiting_{options_.clock};
};

}  // namespace detail
}  // namespace approvekit
