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

/// By which grant a call is to run, as its agent verified it. A plain value.
struct GrantUse {
    std::string id;
    std::int64_t uses = 0;  ///< how many calls it lets start in all
    Time until{};
    std::string reviewer;       ///< whose grant it is
    std::uint64_t version = 0;  ///< GivenGrant::version, with another one of which nothing starts; 0: any will do
};

/// A grant with what an agent holds it against: the request with whose approval it was given, and that approval.
struct GivenGrant {
    Grant grant;
    ApprovalRequest request;
    Decision decision;
    /// Of the record when this was read: another number once anybody but this storage has written. 0: that cannot be told,
    /// and the grant is read anew for each call.
    std::uint64_t version = 0;
};

/// A call that is about to run because the policy or a grant allows it. All texts are stored as they are.
struct Intent {
    std::string_view tool_name;
    std::string_view tool_args;  ///< canonical JSON, redacted
    std::string_view metadata;   ///< JSON
    std::string_view notes;
    std::string_view agent = {};      ///< the name of the agent that asks, by which stops know it
    const LimitUse* use = nullptr;    ///< what it takes of a limit; null: nothing
    const GrantUse* grant = nullptr;  ///< by which grant it runs; null: by the policy
};

/// Tells why a decision is not to be trusted; nothing when it is. Empty: any decision counts.
using DecisionCheck = std::function<std::optional<std::string>(const Decision&)>;

/// Takes a decision that edits the arguments, or null: nothing was edited. Throws RefusedError where the call may not run
/// with them.
using EditTaker = std::function<void(const Decision*)>;

/// Takes the decision that answers a call. Throws RefusedError where its caller may not have the answer.
using AnswerTaker = std::function<void(const Decision&)>;

/// What the agent expects of an approved request when it asks to run it.
struct Claim {
    std::string request_id;
    std::string view_digest;  ///< as the agent computed it at submit
    DecisionCheck verify;     ///< asked within the claim's transaction
    /// The request as it was submitted, for the record of a refusal to tell; outlives the claim. May be null.
    const ApprovalRequest* submitted = nullptr;
    bool has_key = false;  ///< submitted with a key: no loss of power may make anybody forget its start
    /// The name of the agent that claims, which may have taken the request over from one with another: a stop on either
    /// is in its way. Empty: the one that submitted it.
    std::string agent = {};
    /// The words of a policy that came into force since and denies the call; nothing: none does.
    std::optional<std::string> denial = {};
    /// What the call takes of a limit, as it is after take_edits; null: nothing. Where that has a person decide beyond it,
    /// this one was approved.
    const LimitUse* use = nullptr;
    /// Asked within each try of the claim's transaction, of which the last one counts, with an approval that stands. Empty:
    /// a call whose arguments were edited is not started.
    EditTaker take_edits = {};
    /// Given, nothing starts, whatever became of the request: asked as take_edits is, with an answer that stands.
    AnswerTaker take_answer = {};
};

/// A longer note of an outcome, or reason of an end, is cut when it is recorded, and says so.
inline constexpr std::size_t maximum_outcome_note_bytes = std::size_t{16} * 1024;

/// How a run ended.
struct RunOutcome {
    std::string entry_id;    ///< the entry that allowed it: record_intent's or claim's result
    std::string request_id;  ///< auto_request_id for an intent
    std::string tool_name;
    RunState state = RunState::unknown;  ///< executed, failed or unknown
    std::string note;                    ///< the error's text or the reason, scrubbed
    bool has_key = false;                ///< an intent that was recorded with a key, which learns of it
    std::string grant = {};              ///< the grant by which the call ran; empty: none
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

/// A request changed, or appeared.
struct Change {
    std::string request_id;  ///< empty: changes may have been missed, look at everything
    ApprovalStatus status = ApprovalStatus::pending;
};

/// Receives changes on the storage's own thread. Must return soon and must not throw: while one blocks, the storage tells
/// nobody of anything, and ends nothing that is overdue.
class ChangeListener {
public:
    virtual ~ChangeListener() = default;
    virtual void on_change(const Change& change) noexcept = 0;
    /// The storage can no longer tell of changes; whoever waits for one should look for itself.
    virtual void on_watch_failed(const std::string& reason) noexcept = 0;
};

/// Keeps a listener registered for as long as it lives.
class Subscription {
public:
    virtual ~Subscription() = default;
};

/// Which requests to list. Pending ones come oldest first, all other lists newest first.
///
/// A page may hold fewer than `limit`, of large requests for one; RequestPage::next alone tells whether more follow.
/// A text that is too large for any page is left out of it, and its size stands in its place.
struct RequestQuery {
    std::optional<ApprovalStatus> status = ApprovalStatus::pending;  ///< nothing: all
    std::size_t limit = 50;
    std::string cursor;  ///< RequestPage::next of the page before
};

struct RequestPage {
    std::vector<ApprovalRequest> requests;
    std::string next;  ///< empty on the last page
};

/// Which audit entries to list, newest first unless said otherwise, in pages as above. Oldest first, as for an export,
/// what the chain covers comes whole however large it is.
struct AuditQuery {
    std::string request_id;  ///< empty: all
    std::size_t limit = 50;
    std::string cursor;  ///< AuditPage::next, or the sequence of an entry as text: what comes behind it, by its number
    bool oldest_first = false;
};

struct AuditPage {
    std::vector<AuditEntry> entries;
    std::string next;
    std::vector<AgentSession> sessions;  ///< those that the entries name, by their numbers
};

/// A row of the record as it is stored, in whatever engine: the values of its table's columns.
using StoredRow = std::vector<std::optional<std::string>>;
using RowTaker = std::function<void(std::string_view table, const StoredRow& row)>;
/// Gives all rows; returns what checking them came to.
using RowGiver = std::function<AuditReport(const RowTaker& take)>;

/// Where requests, decisions and the audit are kept: a contract of meanings, not of rows.
///
/// Each call is one transaction, correct by itself, that either happened wholly when it returns or not at
/// all when it throws. All calls are thread-safe. All throw StorageError when the record cannot be read or
/// written, and nothing may run or count as decided then.
class Storage {
public:
    virtual ~Storage() = default;

    // The agent's side.

    /// Makes `request` (pending, complete with id, digests and deadline) durable and bound to the life of this
    /// storage: when it goes, the request ends.
    virtual void submit(const ApprovalRequest& request) = 0;

    /// Makes the intent durable; returns the id of its audit entry. The tool may start when this has returned. Throws
    /// StoppedError where a stop in force covers the call; the record has an entry `refused` of it then.
    ///
    /// An intent that takes of a limit counts in the same transaction, for all that share the record. Throws
    /// LimitReachedError where it is beyond the limit: with may_be_held() nothing is on record, and whoever asks may submit
    /// a request; else the record has an entry `refused`.
    ///
    /// An intent by a grant counts as a use of that in the same transaction, for all that share the record. Returns an empty
    /// text where the grant lets no call start any more (revoked, at its end, used up): nothing is on record then, and
    /// whoever asks may submit a request.
    [[nodiscard]] virtual std::string record_intent(const Intent& intent) = 0;

    /// The same two for calls with a key, whose requests do not end with this storage: they wait for an agent that asks
    /// again. In one transaction what was asked before with the key is looked up. Only where that does not stand in the
    /// way, which the answer tells, is the new one on record. For a grant that lets no call start any more the answer is
    /// `accepted` without an entry, and nothing is on record. An answer that says `ended` without a run comes with the
    /// request. Throw what the other two throw.
    [[nodiscard]] virtual KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call) = 0;
    [[nodiscard]] virtual KeyedAnswer record_intent(const Intent& intent, const KeyedCall& call) = 0;

    /// Nobody here waits any more for a request with a key: whoever asks again may take it over. Nothing happens to
    /// one that has ended, is running, or is not this storage's. Where it throws, a later write makes up for it.
    virtual void release(std::string_view request_id) = 0;

    /// Records that the policy denies a call. Durable on return.
    virtual void record_denial(const Intent& denied) = 0;

    /// Turns an approved request into a running one, once. Returns the id of the audit entry that allows it.
    ///
    /// Throws ApprovalTimeoutError past the start window, PolicyDeniedError for a denial, UntrustedDecisionError (also
    /// where fewer votes count than its quorum takes), RequestAlteredError when the stored
    /// request is not the one that was submitted or its approval does not stand (one that still waits is cancelled by
    /// it), ApprovalCancelledError when another agent took it over, or DecisionError (already_decided) when it was
    /// started, refused or ended before. The audit has an entry of each, with what was submitted; so it has of what
    /// Claim::take_edits throws. Throws StoppedError while a stop in force covers the call: the request stays as it is, and
    /// may be claimed again in time. Throws LimitReachedError where it is beyond a limit that denies, and the request ends as
    /// refused.
    ///
    /// Of a request that a reviewer answered it starts nothing: with Claim::take_answer it hands out the answer, as often as
    /// it is asked, whatever stop is in force, and returns the entry that tells of it. Where the answer does not stand it
    /// throws as for an approval, and the audit has an entry of that too.
    [[nodiscard]] virtual std::string claim(const Claim& claim) = 0;

    /// Notes how a run ended. It becomes durable with a later commit, at flush() or when the storage closes. Throws
    /// MisuseError for a state in which no run ends.
    virtual void finish(RunOutcome outcome) = 0;

    /// Notes that a call which was allowed did not start. Becomes durable as finish() does.
    virtual void not_started(UnstartedCall call) = 0;

    /// Ends a pending request as timeout or cancelled and returns it as it stands after that: when somebody was faster,
    /// as they left it. Throws ApprovalCancelledError instead of ending what another agent took over, before its
    /// deadline.
    virtual ApprovalRequest end(std::string_view request_id, ApprovalStatus status, std::string_view reason) = 0;

    /// Makes durable whatever finish() and not_started() took.
    virtual void flush() = 0;

    // The human's side.

    /// Takes a decision on a pending request and returns the request after it. The same decision again
    /// (is_same_decision) is not an error and changes nothing. A request that another program set back to pending, or
    /// to another final state, has its state again after this, and the audit says so.
    ///
    /// Throws DecisionError: not_found, already_decided (the text tells who was faster), expired (the deadline has
    /// passed, or the agent of a request without a key is gone; the request is ended by this very call), cancelled (its
    /// agent gave up), altered, and untrusted_decision for an approval where the request lists whose signatures its
    /// agent accepts, and it bears none of theirs. What the signature says is for the agent to verify. Throws invalid_edit for
    /// edits that the request does not allow, and with a rejection; invalid_answer for an answer that it does not allow, that
    /// names what its policy hides, and for one without words.
    ///
    /// A request with a quorum takes votes: it waits until as many people have approved it as its quorum says, and the
    /// first rejection ends it. An approval is of what the row shows then, where the decision names no view. The request
    /// comes with its votes. Approvals with other edits are of another view, and are counted apart. Throws also not_entitled, for whoever has no vote on it, and already_voted for a second
    /// approval by the same person in other words.
    ///
    /// Throws invalid_grant for a grant that is more than the request lets a reviewer grant, with a rejection, and where more
    /// than one approval is needed: nothing is decided then. A grant without an end lasts from the decision on.
    virtual ApprovalRequest decide(const Decision& decision) = 0;

    // Both sides.

    /// Puts a stop in force, by `reviewer` and by `way`. From when this has returned no call that it covers starts any
    /// more, whichever agent asks, until it is lifted: durable on return, whatever else the storage makes durable. Throws
    /// Error (invalid_option) for an order that breaks its limits.
    virtual Stop stop(const StopOrder& order, std::string_view reviewer, std::string_view way) = 0;

    /// Lifts the stop with that id; the same person's lifting again is not an error and changes nothing. Calls that it held
    /// up are told. Throws DecisionError: not_found, and already_decided when somebody else lifted it.
    virtual Stop resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) = 0;

    [[nodiscard]] virtual std::vector<Stop> stops(StopList which) = 0;

    /// The stop that keeps such a call from its start now; nothing for none. Knows what record_intent() and claim() of this
    /// storage know: a stop that one of them met is in force until the audit says that it was lifted, whatever its row says.
    /// Throws StorageError, with storage_read_only where nothing can be started.
    [[nodiscard]] virtual std::optional<Stop> find_stop(std::string_view tool_name, std::string_view agent) = 0;

    /// What is used now of the limit and bucket of `use`, in millionths, by the record's clock.
    [[nodiscard]] virtual std::int64_t used(const LimitUse& use) = 0;

    /// Revokes the grant that was given with the approval of that request: from when this has returned it lets no call start
    /// any more. Durable on return, whatever else the storage makes durable. The same person's revoking it again is not an
    /// error and changes nothing. Throws DecisionError: not_found, and already_decided when somebody else revoked it; and
    /// StorageError (storage_corrupt) when it is revoked, but what the record says of it does not fit, its row is gone for one.
    virtual Grant revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) = 0;

    /// Without rows that no entry of an approval tells of.
    [[nodiscard]] virtual std::vector<Grant> grants(GrantList which) = 0;

    /// Nothing for none. Of one that this storage met revoked, or more of whose uses it met, tells that, whatever its rows
    /// say.
    [[nodiscard]] virtual std::optional<Grant> find_grant(std::string_view grant_id) = 0;

    /// Those that may let a call of that tool by that agent start now, the next to end first. Of more than a hundred that
    /// have not ended, used up and revoked ones among them, the newest hundred are looked at.
    [[nodiscard]] virtual std::vector<GivenGrant> find_grants(std::string_view tool_name, std::string_view agent) = 0;

    /// The time by the record's clock.
    [[nodiscard]] virtual Time now() = 0;

    [[nodiscard]] virtual std::optional<ApprovalRequest> find(std::string_view request_id) = 0;

    /// At most `limit` ids that start with `prefix`, compared without case.
    [[nodiscard]] virtual std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) = 0;

    /// The decision on a request; nothing while it is pending or when a foreign program took it.
    [[nodiscard]] virtual std::optional<Decision> find_decision(std::string_view request_id) = 0;

    [[nodiscard]] virtual RequestPage list(const RequestQuery& query) = 0;
    [[nodiscard]] virtual AuditPage audit(const AuditQuery& query) = 0;

    /// Ends every request that is overdue, or has no key and whose agent is gone; returns how many. What another
    /// program set back to pending after it had ended has its state again after this.
    virtual std::size_t sweep() = 0;

    /// Recomputes the chain from its start. `progress` is told the number of entries checked so far; the report gives
    /// the hash of the entry in the place `mark`.
    [[nodiscard]] virtual AuditReport verify_audit(const std::function<void(std::int64_t)>& progress = {},
                                                   std::int64_t mark = 0) = 0;

    /// Moves the entries from before a time into a file, and removes them from the record once it is written and checked
    /// there: that of calls that are over, with all that is kept of them. What is open, a grant that is not over with what it
    /// let start, stops, and what somebody holds stays in the record, and is in the file too. verify_audit() goes on from
    /// where the file ends. Others read and write meanwhile. What was interrupted is finished by the next archive.
    ///
    /// Throws Error (invalid_option) for a time that has not come, and for a file that is there; StorageError (storage_corrupt)
    /// where the record is not as it was written, and storage_busy where somebody goes on with what is to be archived.
    /// Nothing was removed then.
    [[nodiscard]] virtual ArchiveResult archive(const ArchiveOrder& order);

    /// Those of the record, oldest first.
    [[nodiscard]] virtual std::vector<ArchiveAnchor> archives();

    /// Behind which place, and from which hash, the entries go on that are not in archives; the first entry's hash tells the
    /// record. The place is 0 where there is no archive.
    [[nodiscard]] virtual AuditStart audit_start();

    /// From now on no archive removes the request with that id, or the call that the entry with that id allowed. One that is
    /// in force stays as it is. Durable on return. Throws DecisionError (not_found), Error (invalid_option) for no reason,
    /// and StorageError (storage_busy) while an archive removes what is from its time.
    virtual AuditHold hold(std::string_view subject, std::string_view reason, std::string_view reviewer,
                           std::string_view way);
    /// Ends it; the same person's ending it again is not an error and changes nothing. Throws DecisionError: not_found, and
    /// already_decided when somebody else did.
    virtual AuditHold release_hold(std::string_view subject, std::string_view reviewer, std::string_view way);
    /// Those in force, or all; oldest first, a thousand at most.
    [[nodiscard]] virtual std::vector<AuditHold> holds(bool all);

    /// For copy_record(), which says what they throw. Ends what dead agents left, checks the record, and gives every row of it
    /// as it is at one moment.
    virtual AuditReport give_rows(const RowTaker& take);
    /// Takes every row that `give` gives into an empty record in one transaction, within which it may be called again, and
    /// checks that they are those that it says.
    virtual void take_rows(const RowGiver& give);

    /// Tells `listener` of every change from now on, whoever makes it, in whatever process.
    ///
    /// While a subscription lives, the storage also sweeps by itself, about once a second: what is overdue, or has no
    /// key and whose agent is gone, ends while anybody listens, and whoever listens need not ask for it. A sweep that
    /// fails is tried again in silence; sweep() throws what it fails with. Where the record can only be read, nothing
    /// is ended.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) = 0;
};

}  // namespace approvekit
