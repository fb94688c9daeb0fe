#pragma once

#include "approvekit/limit_use.hpp"
#include "approvekit/stop.hpp"
#include "record/endings.hpp"

#include <exception>
#include <optional>
#include <string>

namespace approvekit::record {

/// The result of a transition. A refusal is thrown only after the commit, since refusals are recorded too.
template <typename Value>
struct Result {
    Value value{};
    std::exception_ptr refusal;
};

/// A call that was allowed to start.
struct Start {
    std::string entry_id;    ///< the audit entry that allows it
    std::string started_at;  ///< distinguishes this start from others of the same request; empty if there was none
};

inline constexpr const char* beyond_limit_note = "beyond a limit of the policy: ";

/// The error that refuses a start. `request_id` is empty for a call that the policy or a grant allows.
[[nodiscard]] std::exception_ptr refusal_by(const Stop& stop, const std::string& tool_name,
                                            const std::string& request_id);
[[nodiscard]] std::exception_ptr beyond_limit(const LimitUse& use, const std::string& tool_name,
                                              const std::string& request_id);

/// The life of a call: every step that its agent or a reviewer takes, with its audit entry. The steps that happen
/// without them are in sweep.hpp.
///
///     submit -> pending -> decide: approved -> claim: running -> finish: executed, failed, unknown
///                  |                   |          \-> refused: late, altered, denied, untrusted, beyond a limit,
///                  |                   |              not approved; a stop only holds it up
///                  |                   \-> end, sweep: refused
///                  \-> decide: answered, whose answer is claimed instead of a start, as often as it is asked for
///                  \-> decide: rejected; end: cancelled, timeout; sweep: timeout
///
/// Each step checks the state before it sets it. Refers to the unit of work, which must outlive it; its owner commits.
class Transitions {
public:
    explicit Transitions(UnitOfWork& work) noexcept : work_(work), audit_(work), endings_(work) {}

    /// Binds the request to the session that writes.
    void submit(const ApprovalRequest& request);
    Result<ApprovalRequest> decide(const Decision& decision);
    Result<Start> claim(const Claim& claim);
    Result<ApprovalRequest> end(const std::string& id, ApprovalStatus status, const std::string& reason);
    void finish(const RunOutcome& outcome);
    /// The step that allowed the call does not count: it neither runs nor waits to run.
    void not_started(const UnstartedCall& call);

    /// Whether the record has what a report refers to, and no end of it. For a report that may already be on record.
    [[nodiscard]] bool wants(const RunOutcome& outcome);
    [[nodiscard]] bool wants(const UnstartedCall& call);

    /// Whether the step of `step`, whose commit was reported as failed, left something to take back: an intent, a
    /// request that waits or has not started, or the very start at `started_at`. `started_at` is empty if the step was
    /// no start.
    [[nodiscard]] bool may_withdraw(const UnstartedCall& step, const std::string& started_at);

    /// Both return the new audit entry's id. allow() refuses if a stop or a limit is in the way. It does nothing, and
    /// writes no entry, if the grant that is to let the call run has no room for it.
    Result<std::string> allow(const Intent& intent);
    std::string deny(const Intent& intent);
    /// Returns why the intent is beyond its limit, or null if it is not.
    [[nodiscard]] std::exception_ptr objection_by_limit(const Intent& intent);

    [[nodiscard]] bool has_room_in_grant(const Intent& intent);

private:
    [[nodiscard]] bool is_repeated(const StoredRequest& stored, const Decision& decision);
    void apply(StoredRequest& stored, const Decision& decision);
    Result<std::string> allow_within_limit(const Intent& intent);
    /// Counts what starts now. Refuses a call beyond its limit and returns why; null if it may start.
    [[nodiscard]] std::exception_ptr take_of_limit(const StoredRequest& stored, const Claim& claim);
    /// Gives out what a reviewer answered, or refuses it; see answers.cpp.
    Result<Start> take_answer(StoredRequest& stored, const Claim& claim);
    [[nodiscard]] std::exception_ptr objection_to_second_claim(const StoredRequest& stored, const Claim& claim);
    [[nodiscard]] std::exception_ptr objection_to_claim(const StoredRequest& stored,
                                                        std::optional<StoredDecision> decision, const Claim& claim);
    /// The same for what its reviewer edited.
    [[nodiscard]] std::exception_ptr objection_to_edited_claim(const StoredRequest& stored, const Decision* decision,
                                                               const Claim& claim);
    /// Returns why the decision, or with a quorum the votes, do not allow the start; nothing if they do.
    [[nodiscard]] std::optional<std::string> distrust(const ApprovalRequest& request,
                                                      const std::optional<StoredDecision>& decision,
                                                      const Claim& claim);
    /// Whether nobody will start it, because its agent is gone and it has no key.
    [[nodiscard]] bool agent_is_gone(const StoredRequest& stored);
    [[nodiscard]] bool is_taken_over(const StoredRequest& stored);

    UnitOfWork& work_;
    AuditWriter audit_;
    Endings endings_;
};

}  // namespace approvekit::record
