#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/storage.hpp"
#include "sqlite/agent_identity.hpp"
#include "sqlite/lease.hpp"
#include "sqlite/tables.hpp"

#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::sqlite {

/// One moment on every clock that deadlines are kept by.
struct Moment {
    Time now{};
    std::string text;
    std::chrono::microseconds since_boot{};
};

[[nodiscard]] Moment moment_of(const Clock& clock);

inline constexpr const char* overdue_reason = "nobody answered by the deadline";
inline constexpr const char* gone_reason = "the agent that asked is gone";
inline constexpr const char* row_gone_reason = "its row is gone from the database";

/// What a transition came to. A refusal is thrown only after the commit, since refusing is recorded too.
template <typename Value>
struct Result {
    Value value{};
    std::exception_ptr refusal;
};

/// Who writes, and where.
struct Writer {
    std::filesystem::path database;
    AgentIdentity self;
    std::int64_t session = 0;  ///< 0: this storage has asked for nothing yet
};

/// The life of a call: every change of a request's state together with its audit entry.
///
/// Lives for one write transaction, which its owner commits. Each transition compares before it sets.
class Transitions {
public:
    Transitions(Tables& tables, const Writer& writer, Moment moment);

    void submit(const ApprovalRequest& request, const HoldBinding& binding);
    Result<ApprovalRequest> decide(const Decision& decision);
    Result<std::string> claim(const Claim& claim);
    Result<ApprovalRequest> end(const std::string& id, ApprovalStatus status, const std::string& reason);
    /// A state of none says that the step it belongs to did not count: no run, and no waiting for one.
    void finish(const RunOutcome& outcome);

    /// Whether the record has the step that `outcome` belongs to, and no outcome of it.
    [[nodiscard]] bool wants(const RunOutcome& outcome);

    /// Both return the new audit entry's id.
    std::string allow(const Intent& intent);
    std::string deny(const Intent& intent);

    /// Ends what is overdue and whatever belongs to `gone`; returns how many requests.
    std::size_t sweep(const std::vector<StoredSession>& gone);

    /// Ends this session's own calls, because its storage closes.
    void close_session();

    /// The requests that changed, to be announced after the commit.
    [[nodiscard]] const std::vector<Change>& changes() const noexcept { return changes_; }

private:
    struct Author {
        std::string reviewer;
        std::string way;
        bool is_signed = false;
    };

    /// Tells what a reviewer saw, which is what the row says.
    std::string audit_decision(const StoredRequest& stored, AuditEvent event, const Author& author,
                               const std::optional<std::string>& notes);
    /// Tells what was submitted, whatever the row says; `submitted` is the agent's own word for it, or null.
    void audit_end(const StoredRequest& stored, AuditEvent event, const Author& author,
                   const std::optional<std::string>& notes, const ApprovalRequest* submitted = nullptr);
    [[nodiscard]] AuditRecord record_on(const StoredRequest& stored, AuditEvent event, const Author& author,
                                        const std::optional<std::string>& notes) const;
    std::string audit_intent(const Intent& intent, AuditEvent event);
    void audit_outcome(const RunOutcome& outcome, AuditEvent event, const std::string& way);
    std::string append(AuditRecord record);

    void settle(StoredRequest& stored, ApprovalStatus status, const Author& author, const std::string& notes);
    [[nodiscard]] bool is_repeated(const StoredRequest& stored, const Decision& decision);
    void apply(StoredRequest& stored, const Decision& decision);
    void refuse(const StoredRequest& stored, const std::string& reason, const ApprovalRequest* submitted = nullptr);
    void withdraw(const RunOutcome& step);
    void abandon(const std::string& id, const std::string& reason, const char* way,
                 const ApprovalRequest* submitted = nullptr);
    void mark_unknown(const StoredRequest& stored);
    bool sweep_one(const std::string& id, bool agent_is_gone);
    void sweep_session(const StoredSession& session);

    /// A final state is final: gives a request its state again that another program changed, and says so on record.
    /// Returns whether there was anything to change back. An approval that was not used counts no more then.
    bool restore(StoredRequest& stored);

    /// Takes note of a decision that another program wrote straight into the base row.
    void adopt_foreign_decision(StoredRequest& stored);
    std::exception_ptr objection_to_second_claim(const StoredRequest& stored, const Claim& claim);
    std::exception_ptr objection_to_claim(const StoredRequest& stored, const std::optional<StoredDecision>& decision,
                                          const Claim& claim);
    void announce(const std::string& id, ApprovalStatus status);

    [[nodiscard]] bool is_overdue(const StoredRequest& stored) const;
    [[nodiscard]] bool agent_is_gone(const StoredRequest& stored);
    [[nodiscard]] StoredRequest reread(const std::string& id);

    Tables& tables_;
    const Writer& writer_;
    Moment moment_;
    std::optional<ChainHead> head_;  // read by the first entry: a claim of a decided call writes none
    std::vector<Change> changes_;
};

}  // namespace approvekit::sqlite
