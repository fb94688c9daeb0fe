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
    std::chrono::seconds run_timeout{0};  ///< what its rule says; zero for nothing
    detail::AskedPolicy under;
    std::shared_ptr<const detail::EditedCall> edited = {};  ///< null for a call as it was asked for
    std::shared_ptr<detail::RunStop> stop = {};             ///< null for a tool that cannot be asked to stop
    detail::TimerQueue::Entry time_out = {};
    ::pid_t process = ::getpid();
    bool is_start_expected = false;
    bool is_started = false;
};

namespace detail {

/// What a call brings besides its tool and its arguments. Borrows all of it.
struct Asked {
    const Call* call = nullptr;  ///< null: nothing
    std::span<const std::string> order = {};
    bool can_stop = false;        ///< whether its tool can be asked to stop
    bool starts_at_once = false;  ///< whether it starts as part of being asked for, where the policy allows it
};

/// Why a tool that cannot be asked to stop does not run under a rule with a run_timeout.
[[nodiscard]] std::string words_on_endless_run(std::chrono::seconds run_timeout);

/// How a call is refused by `stop`.
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

    /// Throws ApprovalCancelledError when the request `parent` does not stand. Nothing for an empty one.
    void require_parent(const std::string& parent, const std::string& tool_name, const std::string& request_id) const;

    /// The stop in force that covers this agent's calls of a tool; nothing for none.
    [[nodiscard]] std::optional<Stop> find_stop(std::string_view tool_name) const;
    /// Throws ApprovalCancelledError when the grant with that id lets nothing start any more; nothing for an empty one.
    void require_live_grant(const std::string& grant_id, const std::string& tool_name) const;

    /// Throws StoppedError when there is one.
    void require_no_stop(const std::string& tool_name) const;

    [[nodiscard]] bool records_results() const noexcept { return options_.record_results; }
    /// A result without what the rule of its tool in `policy` hides. Throws ArgumentsRefusedError when that cannot be told.
    [[nodiscard]] std::string recorded_result(const Policy& policy, const std::string& tool_name,
                                              const Json& result) const;

    void reload(Policy policy);
    /// The words with which the policy in force denies a call that was asked under another one; nothing where it does not.
    [[nodiscard]] std::optional<std::string> find_new_denial(const std::string& tool_name, const AskedPolicy& under,
                                                             const Json& arguments) const;

    /// What a call, of which `request` was submitted and asked under that policy, is as `decision` edits it. Throws
    /// RefusedError where it may not run so.
    [[nodiscard]] std::shared_ptr<const EditedCall> edited_call(const ApprovalRequest& request,
                                                                const AskedPolicy& under,
                                                                const Decision& decision) const;

    [[nodiscard]] bool tells_events() const noexcept { return static_cast<bool>(options_.on_event); }
    void tell(Event::Kind kind, std::string_view tool_name, std::string_view request_id,
              std::string_view text) const noexcept;
    /// What stopped a call: a refusal, trouble with the storage.
    void tell(const RefusedError& refusal) const noexcept;
    void tell(const StorageError& error, std::string_view tool_name) const noexcept;
    /// Does `work` and tells what it throws of these two.
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
    /// Tells of arguments that no tool takes, and returns the refusal without what the policy hides of them.
    [[nodiscard]] ArgumentsRefusedError refuse_arguments(const std::string& tool_name, const Json& arguments,
                                                         std::string_view why) const;

    [[nodiscard]] const std::string& name() const noexcept { return options_.agent; }
    [[nodiscard]] Policy policy() const { return *policy_.get(); }
    [[nodiscard]] const std::shared_ptr<Storage>& storage() const noexcept { return storage_; }
    [[nodiscard]] const Clock& clock() const noexcept { return *options_.clock; }
    [[nodiscard]] WaitingCalls& waiting_calls() noexcept { return *waiting_calls_; }
    [[nodiscard]] RunningCalls& running_calls() noexcept { return running_calls_; }
    [[nodiscard]] TimerQueue& run_timer() noexcept { return *run_timer_.queue(); }
    /// Where coroutines go on whose calls were decided: apart from the other one, which they must not hold up.
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
    /// The call's context with the kit's own words; null for none.
    [[nodiscard]] Json context(std::string_view tool_name, const Call* call) const;
    /// Moves out of `prepared` what it takes, once the start is on record.
    [[nodiscard]] Permit allow(Prepared& prepared);
    /// The same by a grant, or null for none. Nothing, and nothing is on record, where the grant has no room for it.
    [[nodiscard]] std::optional<Permit> allow_by(const GrantUse* grant, Prepared& prepared);
    /// Lets a call that its rule holds run by way of a grant that covers it. Nothing where none does; `prepared` knows then
    /// what its reviewers are to be told of that.
    [[nodiscard]] std::optional<Permit> allow_by_any_grant(Prepared& prepared);
    /// Those that were found before count only while nobody else has written to the record since.
    enum class Finding { before, now };
    [[nodiscard]] std::optional<Permit> allow_by_one_of(const std::vector<GivenGrant>& grants, Finding found,
                                                        Prepared& prepared);
    /// Why the grant does not let the call run, that would be submitted as `request`; nothing: it may.
    [[nodiscard]] std::optional<record::NotCovered> objection_to(const GivenGrant& given, const Prepared& prepared,
                                                                 const ApprovalRequest& request) const;
    /// Holds what is beyond a limit that people decide beyond.
    [[nodiscard]] PendingCall allow_or_hold(Prepared prepared);
    [[nodiscard]] PendingCall allow_by_grant_or_hold(Prepared prepared);
    [[nodiscard]] PendingCall hold(Prepared prepared);
    /// Refuses what people would be asked in vain, since it is beyond the limit of its rule even alone.
    void require_fit(Prepared& prepared);
    /// allow() and hold() of a call with an idempotency key. The first returns the entry of the intent.
    [[nodiscard]] std::string allow_keyed(const Intent& intent, const Prepared& prepared);
    [[nodiscard]] PendingCall hold_keyed(Prepared prepared);
    /// Submits `request` with its key and returns it, or what it takes over. Throws what it comes to otherwise.
    [[nodiscard]] ApprovalRequest submit_keyed(ApprovalRequest request, const OwnCall& own,
                                               const CallScrubber& scrubber);
    /// To be thrown: what a reviewer answered when the call was asked before, in the request that it would submit now.
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
