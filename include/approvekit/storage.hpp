#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/audit_archive.hpp"
#include "approvekit/decision.hpp"
#include "approvekit/grant.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/request.hpp"
#include "approvekit/stop.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// The grant under which a call will run, as its agent verified it. A plain value.
struct GrantUse {
    std::string id;
    std::int64_t uses = 0;  ///< how many calls may start under it in total
    Time until{};
    std::string reviewer;  ///< who gave it
    /// GivenGrant::version: nothing starts if the record has another version; 0: any version.
    std::uint64_t version = 0;
};

/// A grant with what its agent verifies it against: the request whose approval included the grant, and that approval.
struct GivenGrant {
    Grant grant;
    ApprovalRequest request;
    Decision decision;
    /// The version of the record when this was read. It changes when anybody but this storage writes. 0: not known; the
    /// grant is then read again for each call.
    std::uint64_t version = 0;
};

/// A call that is about to run because the policy or a grant allows it. All texts are stored unchanged.
struct Intent {
    std::string_view tool_name;
    std::string_view tool_args;  ///< canonical JSON, redacted
    std::string_view metadata;   ///< JSON
    std::string_view notes;
    std::string_view agent = {};      ///< name of the agent that asks; stops match against it
    const LimitUse* use = nullptr;    ///< what it uses of a limit; null: nothing
    const GrantUse* grant = nullptr;  ///< the grant it runs under; null: the policy allows it
};

/// Returns why a decision cannot be trusted, or nothing when it can. An empty function: any decision counts.
using DecisionCheck = std::function<std::optional<std::string>(const Decision&)>;

/// Gets the decision that edits the arguments, or null if nothing was edited. Throws RefusedError when the call must
/// not run with these arguments.
using EditTaker = std::function<void(const Decision*)>;

/// Gets the decision that answers a call. Throws RefusedError when the caller must not get the answer.
using AnswerTaker = std::function<void(const Decision&)>;

/// An agent's request to run an approved call, with what the agent expects of it.
struct Claim {
    std::string request_id;
    std::string view_digest;  ///< as the agent computed it at submit
    DecisionCheck verify;     ///< called inside the claim's transaction
    /// The request as it was submitted, to be recorded with a refusal. Must outlive the claim. May be null.
    const ApprovalRequest* submitted = nullptr;
    bool has_key = false;  ///< submitted with a key: its start must survive a power loss
    /// Name of the agent that claims. It may have taken the request over from an agent with another name; a stop on
    /// either name prevents the start. Empty: the agent that submitted it.
    std::string agent = {};
    /// The message of a newer policy that denies the call. Nothing: no newer policy denies it.
    std::optional<std::string> denial = {};
    /// What the call uses of a limit, as set after take_edits; null: nothing. If a person decides beyond the limit,
    /// this call was approved.
    const LimitUse* use = nullptr;
    /// Called with a valid approval in each attempt of the claim's transaction; the last attempt counts. Empty: a call
    /// with edited arguments is not started.
    EditTaker take_edits = {};
    /// If set, nothing starts, whatever the status of the request. Called like take_edits, with a valid answer.
    AnswerTaker take_answer = {};
};

/// The maximum size of an outcome's note, or of the reason of an end. A longer one is cut when it is recorded, and says
/// so.
inline constexpr std::size_t maximum_outcome_note_bytes = std::size_t{16} * 1024;

/// How a run ended.
struct RunOutcome {
    std::string entry_id;    ///< the entry that allowed the call: the result of record_intent or claim
    std::string request_id;  ///< auto_request_id for an intent
    std::string tool_name;
    RunState state = RunState::unknown;  ///< executed, failed or unknown
    std::string note;                    ///< the error text or the reason, scrubbed
    /// For an intent that was recorded with a key: the outcome is stored with the key.
    bool has_key = false;
    std::string grant = {};  ///< the grant under which the call ran; empty: none
};

/// A call that was allowed, did not start and never will.
struct UnstartedCall {
    std::string entry_id;    ///< as in RunOutcome
    std::string request_id;  ///< as in RunOutcome
    std::string tool_name;
    std::string reason;      ///< scrubbed
    bool has_key = false;    ///< as in RunOutcome
    std::string grant = {};  ///< as in RunOutcome
};

/// A request that changed or appeared.
struct Change {
    std::string request_id;  ///< empty: changes may have been missed, look at everything
    ApprovalStatus status = ApprovalStatus::pending;
};

/// Receives changes on the storage's own thread. Must return quickly and must not throw: while a listener blocks, the
/// storage notifies nobody and ends nothing that is overdue.
class ChangeListener {
public:
    virtual ~ChangeListener() = default;
    virtual void on_change(const Change& change) noexcept = 0;
    /// The storage can no longer report changes. Anyone who waits for one should poll from now on.
    virtual void on_watch_failed(const std::string& reason) noexcept = 0;
};

/// Keeps a listener registered as long as this object lives.
class Subscription {
public:
    virtual ~Subscription() = default;
};

/// Which requests to list. Pending requests are listed oldest first, everything else newest first.
///
/// A page may hold fewer than `limit` requests, for instance large ones; only RequestPage::next says whether more
/// follow. A text that is too large for any page is left out and replaced by its size.
struct RequestQuery {
    std::optional<ApprovalStatus> status = ApprovalStatus::pending;  ///< nothing: all
    std::size_t limit = 50;
    std::string cursor;  ///< RequestPage::next of the previous page
};

struct RequestPage {
    std::vector<ApprovalRequest> requests;
    std::string next;  ///< empty on the last page
};

/// Which audit entries to list, newest first unless `oldest_first` is set, in pages as above. With `oldest_first`, as
/// for an export, everything that the chain covers is complete, however large it is.
struct AuditQuery {
    std::string request_id;  ///< empty: all
    std::size_t limit = 50;
    std::string cursor;  ///< AuditPage::next, or an entry's sequence as text to continue after that entry
    bool oldest_first = false;
    /// Only entries before which none can appear any more, as an export needs. See verify_audit() for what this waits
    /// for, and when it throws.
    bool settled = false;
};

struct AuditPage {
    std::vector<AuditEntry> entries;
    std::string next;
    std::vector<AgentSession> sessions;  ///< the sessions that the entries refer to, by number
};

/// A row of the record as stored, whatever the engine: the values of its table's columns.
using StoredRow = std::vector<std::optional<std::string>>;
using RowTaker = std::function<void(std::string_view table, const StoredRow& row)>;
/// Passes all rows to `take`. Returns the report of checking them.
using RowGiver = std::function<AuditReport(const RowTaker& take)>;

/// Stores requests, decisions and the audit. The contract is about what the calls mean, not about rows.
///
/// Each call is one transaction that is correct by itself: when the call returns, it has happened completely; when the
/// call throws, not at all. All calls are thread-safe. All throw StorageError when the record cannot be read or
/// written; nothing may run or count as decided then.
class Storage {
public:
    virtual ~Storage() = default;

    // The agent's side.

    /// Stores `request` (pending, complete with id, digests and deadline) durably and binds it to the life of this
    /// storage: the request ends when the storage is destroyed.
    virtual void submit(const ApprovalRequest& request) = 0;

    /// Stores the intent durably and returns the id of its audit entry. The tool may start when this has returned.
    /// Throws StoppedError when a stop in force covers the call; the record then has a `refused` entry for it.
    ///
    /// An intent that uses a limit is counted in the same transaction, for everybody who shares the record. Throws
    /// LimitReachedError when it exceeds the limit. If may_be_held() is true, nothing is recorded and the caller may
    /// submit a request; otherwise the record has a `refused` entry.
    ///
    /// An intent under a grant is counted as a use of the grant in the same transaction, for everybody who shares the
    /// record. Returns an empty text when no more calls may start under the grant (revoked, expired, used up). Then
    /// nothing is recorded, and the caller may submit a request.
    [[nodiscard]] virtual std::string record_intent(const Intent& intent) = 0;

    /// The same two functions for calls with an idempotency key. Their requests do not end with this storage; they wait
    /// for an agent that asks again. In one transaction, the earlier call with the key is looked up, and the new one is
    /// recorded only if the earlier one allows it; the answer says so. If no more calls may start under a grant, the
    /// answer is `accepted` without an entry, and nothing is recorded. An answer `ended` without a run includes the
    /// request. Throw what the other two throw.
    [[nodiscard]] virtual KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call) = 0;
    [[nodiscard]] virtual KeyedAnswer record_intent(const Intent& intent, const KeyedCall& call) = 0;

    /// Says that nobody here waits for a request with a key any more, so that an agent that asks again may take it
    /// over. Does nothing to a request that has ended, is running, or does not belong to this storage. If it throws, a
    /// later write does it.
    virtual void release(std::string_view request_id) = 0;

    /// Records that the policy denies a call. Durable on return.
    virtual void record_denial(const Intent& denied) = 0;

    /// Starts an approved request, once: its run becomes `running`. Returns the id of the audit entry that allows it.
    ///
    /// Throws ApprovalTimeoutError after the start window, PolicyDeniedError for a denial, UntrustedDecisionError (also
    /// when too few votes count for its quorum), RequestAlteredError when the stored request is not the one that was
    /// submitted or its approval is not valid (a request that is still pending is cancelled), ApprovalCancelledError
    /// when another agent took it over, and DecisionError (already_decided) when it was started, refused or ended
    /// before. The audit gets an entry for each of these, with what was submitted, and also for what Claim::take_edits
    /// throws.
    ///
    /// Throws StoppedError while a stop in force covers the call; the request stays as it is, and may be claimed again
    /// in time. Throws LimitReachedError when it exceeds a limit that denies; the request then ends as refused.
    ///
    /// A request that a reviewer answered is not started. With Claim::take_answer, claim() hands out the answer, as
    /// often as it is called and whatever stop is in force, and returns the entry of the answer. When the answer is not
    /// valid, it throws as for an approval, and the audit gets an entry for that too.
    [[nodiscard]] virtual std::string claim(const Claim& claim) = 0;

    /// Records how a run ended. This becomes durable with a later commit, at flush(), or when the storage closes.
    /// Throws MisuseError for a state other than executed, failed and unknown.
    virtual void finish(RunOutcome outcome) = 0;

    /// Records that an allowed call did not start. This becomes durable as with finish().
    virtual void not_started(UnstartedCall call) = 0;

    /// Ends a pending request as timeout or cancelled. Returns the request after that; if somebody else ended it first,
    /// as they left it. Throws ApprovalCancelledError, and does not end the request, when another agent took it over
    /// and its deadline has not passed.
    virtual ApprovalRequest end(std::string_view request_id, ApprovalStatus status, std::string_view reason) = 0;

    /// Makes everything durable that finish() and not_started() have recorded.
    virtual void flush() = 0;

    // The human's side.

    /// Records a decision on a pending request and returns the request after it. Repeating the same decision
    /// (is_same_decision) is not an error and changes nothing. If another program set the request back to pending or to
    /// another final status, this restores its status, and the audit says so.
    ///
    /// Throws DecisionError: not_found, already_decided (the text says by whom), expired (the deadline has passed, or
    /// the agent of a request without a key is gone; this call then ends the request), cancelled (its agent gave up),
    /// altered, and untrusted_decision for an approval or an answer without a signature of a reviewer whom the request
    /// requires to sign. The agent itself verifies the contents of the signature. Throws invalid_edit for edits that
    /// the request does not allow, and for edits with a rejection. Throws invalid_answer for an answer that the request
    /// does not allow, that contains what its policy hides, or that is empty.
    ///
    /// A request with a quorum takes votes: it stays pending until as many people have approved it as the quorum needs,
    /// and the first rejection ends it. If a decision names no view, it approves what the row shows at that time. The
    /// returned request includes its votes. Approvals with different edits approve different views and are counted
    /// separately. Also throws not_entitled for a person who has no vote on it, and already_voted for a second approval
    /// of the same arguments by the same person that differs from the first.
    ///
    /// Throws invalid_grant for a grant of more than the request allows, for a grant with a rejection, and for a grant
    /// when more than one approval is needed. Nothing is decided then. For a grant without `until`, its time starts
    /// with the decision.
    virtual ApprovalRequest decide(const Decision& decision) = 0;

    // Both sides.

    /// Puts a stop in force, recorded with `reviewer` and `way`. After this has returned, no call that it covers
    /// starts, whichever agent asks, until it is lifted. Always durable on return, whatever the storage's durability.
    /// Throws Error (invalid_option) for an order that exceeds the limits of StopOrder.
    virtual Stop stop(const StopOrder& order, std::string_view reviewer, std::string_view way) = 0;

    /// Lifts the stop with this id. Lifting it again by the same person is not an error and changes nothing. Calls that
    /// it delayed are notified. Throws DecisionError: not_found, and already_decided when somebody else lifted it.
    virtual Stop resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) = 0;

    [[nodiscard]] virtual std::vector<Stop> stops(StopList which) = 0;

    /// Returns a stop that now prevents such a call from starting, or nothing. Knows what record_intent() and claim()
    /// of this storage know: a stop that one of them met stays in force until the audit says that it was lifted,
    /// whatever its row says. Throws StorageError; storage_read_only when nothing can be started.
    [[nodiscard]] virtual std::optional<Stop> find_stop(std::string_view tool_name, std::string_view agent) = 0;

    /// Returns how much of the limit and bucket of `use` is used now, in millionths, by the record's clock.
    [[nodiscard]] virtual std::int64_t used(const LimitUse& use) = 0;

    /// Revokes the grant that was given with the approval of this request: after this has returned, no call starts
    /// under it. Always durable on return, whatever the storage's durability. Revoking it again by the same person is
    /// not an error and changes nothing. Throws DecisionError: not_found, and already_decided when somebody else
    /// revoked it. Throws StorageError (storage_corrupt) when the grant was revoked, but what the record says about it
    /// is inconsistent, for instance because its row is gone.
    virtual Grant revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) = 0;

    /// Lists grants, without rows that no approval entry mentions.
    [[nodiscard]] virtual std::vector<Grant> grants(GrantList which) = 0;

    /// Returns the grant, or nothing if there is none. If this storage has seen the grant revoked, or has seen more
    /// uses, it says so whatever the rows say.
    [[nodiscard]] virtual std::optional<Grant> find_grant(std::string_view grant_id) = 0;

    /// Returns the grants under which a call of this tool by this agent may start now, in the order in which they end.
    /// If more than a hundred have not ended, including used up and revoked ones, only the newest hundred are
    /// considered.
    [[nodiscard]] virtual std::vector<GivenGrant> find_grants(std::string_view tool_name, std::string_view agent) = 0;

    /// The time by the record's clock.
    [[nodiscard]] virtual Time now() = 0;

    [[nodiscard]] virtual std::optional<ApprovalRequest> find(std::string_view request_id) = 0;

    /// At most `limit` ids that start with `prefix`, compared without case.
    [[nodiscard]] virtual std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) = 0;

    /// Returns the decision on a request, or nothing while it is pending or when another program decided it.
    [[nodiscard]] virtual std::optional<Decision> find_decision(std::string_view request_id) = 0;

    [[nodiscard]] virtual RequestPage list(const RequestQuery& query) = 0;
    [[nodiscard]] virtual AuditPage audit(const AuditQuery& query) = 0;

    /// Ends every request that is overdue, and every request without a key whose agent is gone. Returns how many. If
    /// another program set an ended request back to pending, this restores its status.
    virtual std::size_t sweep() = 0;

    /// Recomputes the chain from its start. `progress` is called with the number of entries checked so far. The report
    /// also contains the head as it was at the place `mark`.
    ///
    /// If the audit has several lanes, an entry may become visible after one with a higher place. Therefore this first
    /// waits for those who are writing; other calls do not wait with it. Throws StorageError: storage_busy if somebody
    /// has been writing for longer than any writer may hang (with PostgresStorage, after twice busy_timeout plus 90
    /// seconds), and storage_read_only on a standby, which cannot tell who is writing.
    [[nodiscard]] virtual AuditReport verify_audit(const std::function<void(std::int64_t)>& progress = {},
                                                   std::int64_t mark = 0) = 0;

    /// Moves entries older than a given time into a file, and removes them from the record once the file is written and
    /// checked. It moves the entries of calls that are over, with everything stored about these calls. What stays in
    /// the record, and is copied to the file too: open calls, a grant that is not over together with the calls that
    /// started under it, stops, and everything that somebody holds. verify_audit() continues from where the file ends.
    /// Others can read and write meanwhile. An interrupted archive is finished by the next one.
    ///
    /// Waits as verify_audit(), and throws what that throws. Throws Error (invalid_option) for a time in the future and
    /// for a file that exists. Throws StorageError: storage_corrupt when the record is not as it was written, and
    /// storage_busy when somebody else is archiving or keeps changing what is to be archived. Nothing was removed then.
    [[nodiscard]] virtual ArchiveResult archive(const ArchiveOrder& order);

    /// Returns the archives of the record, oldest first.
    [[nodiscard]] virtual std::vector<ArchiveAnchor> archives();

    /// Returns the place and the hash after which the entries that are not in archives begin, and the hash of the first
    /// entry, which identifies the record. The place is 0 when there is no archive.
    [[nodiscard]] virtual AuditStart audit_start();

    /// From now on no archive removes the request with this id, or the call that the entry with this id allowed. A hold
    /// that is already in force stays as it is. Durable on return. Throws DecisionError (not_found), Error
    /// (invalid_option) for an empty reason, and StorageError (storage_busy) while an archive is removing entries of
    /// that time.
    virtual AuditHold hold(std::string_view subject, std::string_view reason, std::string_view reviewer,
                           std::string_view way);
    /// Ends a hold. Ending it again by the same person is not an error and changes nothing. Throws DecisionError:
    /// not_found, and already_decided when somebody else ended it.
    virtual AuditHold release_hold(std::string_view subject, std::string_view reviewer, std::string_view way);
    /// Returns the holds in force, or all; oldest first, at most a thousand.
    [[nodiscard]] virtual std::vector<AuditHold> holds(bool all);

    /// For copy_record(), which documents the errors. Ends what dead agents left, checks the record, and passes on
    /// every row as of one moment.
    virtual AuditReport give_rows(const RowTaker& take);
    /// Stores every row that `give` passes into an empty record, in one transaction, and checks that they match the
    /// report that `give` returns. `give` may be called again within the transaction.
    virtual void take_rows(const RowGiver& give);

    /// Reports every change to `listener` from now on, whoever makes it, in any process.
    ///
    /// While a subscription exists, the storage also sweeps by itself about once a second. So overdue requests, and
    /// requests without a key whose agent is gone, end as long as anybody listens, and listeners need not call sweep().
    /// A failed sweep is retried silently; sweep() itself throws its error. When the record can only be read, nothing
    /// is ended.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) = 0;
};

}  // namespace approvekit
