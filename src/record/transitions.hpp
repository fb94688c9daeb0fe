#pragma once

#include "approvekit/limit_use.hpp"
#include "approvekit/stop.hpp"
#include "record/endings.hpp"

#include <exception>
#include <optional>
#include <string>

namespace approvekit::record {

/// What a transition came to. A refusal is thrown only after the commit, since refusing is recorded too.
template <typename Value>
struct Result {
    Value value{};
    std::exception_ptr refusal;
};

/// A call that was let start.
struct Start {
    std::string entry_id;    ///< the audit entry that allows it
    std::string started_at;  ///< tells this start from any other of the same request; empty: there was none
};

inline constexpr const char* beyond_limit_note = "beyond a limit of the policy: ";

/// How a start is refused; `request_id` is empty for a call that the policy or a grant allows.
[[nodiscard]] std::exception_ptr refusal_by(const Stop& stop, const std::string& tool_name,
                                            const std::string& request_id);
[[nodiscard]] std::exception_ptr beyond_limit(const LimitUse& use, const std::string& tool_name,
                                              const std::string& request_id);

/// The life of a call: every step that its agent or a reviewer takes, together with its audit entry. What nobody takes
/// is in sweep.hpp.
///
///     submit -> pending -> decide: approved -> claim: running -> finish: executed, failed, unknown
///                  |                   |          \-> refused: late, altered, denied, untrusted, beyond a limit, not approved;
///                  |                   |              a stop only holds it up
///                  |                   \-> end, sweep: refused
///                  \-> decide: answered, whose answer is claimed instead of a start, as often as it is asked for
///                  \-> decide: rejected; end: cancelled, timeout; sweep: timeout
///
/// Each step compares before it sets. Refers to the unit of work, which must outlive it; its owner commits.
class Transitions {
public:
    explicit Transitions(UnitOfWork& work) noexcept : work_(work), audit_(work), endings_(work) {}

    /// Binds the request to the session that writes.
    void submit(const ApprovalRequest& request);
    Result<ApprovalRequest> decide(const Decision& decision);
    Result<Start> claim(const Claim& claim);
    Result<ApprovalRequest> end(const std::string& id, ApprovalStatus status, const std::string& reason);
    void finish(const RunOutcome& outcome);
    /// The step that allowed the call does not count: no run, and no waiting for one.
    void not_started(const UnstartedCall& call);

    /// Whether the record has what a report tells of, and no end of it: for a report that may be on record.
    [[nodiscard]] bool wants(const RunOutcome& outcome);
    [[nodiscard]] bool wants(const UnstartedCall& call);

    /// Whether there is something to take back of the step that `step` tells of, whose commit was reported as failed:
    /// an intent, or a request that waits or was not started, or the very start at `started_at`. Empty: the step was
    /// none.
    [[nodiscard]] bool may_withdraw(const UnstartedCall& step, const std::string& started_at);

    /// Both return the new audit entry's id. The first refuses where a stop or a limit is in the way, and does nothing where
    /// the grant by which the call is to run has no room for it: then there is no entry.
    Result<std::string> allow(const Intent& intent);
    std::string deny(const Intent& intent);
    /// Why the intent is beyond its limit; null where it is not.
    [[nodiscard]] std::exception_ptr objection_by_limit(const Intent& intent);

    [[nodiscard]] bool has_room_in_grant(const Intent& intent);

private:
    [[nodiscard]] bool is_repeated(const StoredRequest& stored, const Decision& decision);
    void apply(StoredRequest& stored, const Decision& decision);
    Result<std::string> allow_within_limit(const Intent& intent);
    /// Counts what starts now; refuses what is beyond its limit, and says why. Null where it may start.
    [[nodiscard]] std::exception_ptr take_of_limit(const StoredRequest& stored, const Claim& claim);
    /// Hands out what a reviewer answered, or refuses it; see answers.cpp.
    Result<Start> take_answer(StoredRequest& stored, const Claim& claim);
    [[nodiscard]] std::exception_ptr objection_to_second_claim(const StoredRequest& stored, const Claim& claim);
    [[nodiscard]] std::exception_ptr objection_to_claim(const StoredRequest& stored,
                                                        std::optional<StoredDecision> decision, const Claim& claim);
    /// The same of what its reviewer edited.
    [[nodiscard]] std::exception_ptr objection_to_edited_claim(const StoredRequest& stored, const Decision* decision,
                                                               const Claim& claim);
    /// Why the decision, or with a quorum the votes, do not allow the start; nothing when they do.
    [[nodiscard]] std::optional<std::string> distrust(const ApprovalRequest& request,
                                                      const std::optional<StoredDecision>& decision,
                                                      const Claim& claim);
    /// Whether nobody will start it, since its agent went and it has no key.
    [[nodiscard]] bool agent_is_gone(const StoredRequest& stored);
    [[nodiscard]] bool is_taken_over(const StoredRequest& stored);

    UnitOfWork& work_;
    AuditWriter audit_;
    Endings endings_;
};

}  // namespace approvekit::record
