#pragma once

#include "approvekit/limit_use.hpp"
#include "approvekit/request.hpp"
#include "approvekit/storage.hpp"
#include "record/audit_chain.hpp"
#include "record/page.hpp"
#include "record/portable_rows.hpp"
#include "record/retention_tables.hpp"
#include "record/rows.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The tables of an engine, as the state machine sees them: rows in and out, without rules on which state may follow
/// which.
///
/// All functions work within the transaction of the tables: they see what was written in it before, and nobody else
/// sees that until the commit. They throw StorageError. Rows that another program may have written are read as far as
/// possible, and are never a reason to throw: a word that is not a status counts as cancelled, a text that is not JSON
/// is a JSON string, and an invalid time is the epoch.
namespace approvekit::record {

/// Called with a row and with what is wrong with how it is stored (empty: nothing). Returns false to stop.
template <typename Row>
using Look = std::function<bool(const Row&, const std::string&)>;

/// The requests that reviewers see: a row has tool, redacted arguments, status, times, notes and metadata. If an engine
/// lets other programs write, these are the rows that they may change, remove and add.
class Requests {
public:
    virtual ~Requests() = default;

    /// Adds a pending request. Throws StorageError if there is one with its id.
    virtual void insert(const ApprovalRequest& request) = 0;
    /// Sets the status of the row, whatever it was. Does nothing if there is no such row.
    virtual void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                        const std::optional<std::string>& notes) = 0;

    /// Announces that the transaction will look at these requests. Each is named once, in an order that everybody
    /// keeps. For engines that run transactions side by side: none then waits for another that waits for it.
    virtual void lock(const std::vector<std::string>& /*ids*/) {}

    /// Returns the row, with its binding and the last decision on it, if there are any.
    [[nodiscard]] virtual std::optional<StoredRequest> find(std::string_view id) = 0;

    /// Returns ids of requests that are pending although they had ended, because another program changed their status
    /// or put them back: their binding is closed, or Entries::settlement knows an end. At most a thousand.
    [[nodiscard]] virtual std::vector<std::string> reopened() = 0;

    /// Calls `look` for a stretch of all requests, starting at the place `from`, and moves `from` behind it. The first
    /// place is the lowest number there is. Returns false if there is nothing more, or if `look` returned false.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredRequest>& look) = 0;

    /// Returns at most `limit` ids that start with `prefix`, compared without case.
    [[nodiscard]] virtual std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) = 0;

    /// Returns a page as in Storage::list. `now` is needed to tell how long each request may still be answered.
    /// `complete` may be empty.
    [[nodiscard]] virtual RequestPage list(const RequestQuery& query, const Moment& now,
                                           const CompleteRequest& complete) = 0;
};

/// What is kept beside each request of ours, so that a program that replaces the row does not reach it: the binding, a
/// copy of what was submitted, whether it is open, and how the run ended.
class Bindings {
public:
    virtual ~Bindings() = default;

    /// Opens a binding, with a copy of the row of `request`, which was just inserted.
    virtual void insert(const ApprovalRequest& request, const Binding& binding) = 0;
    /// Binds the request to that session from now on; 0: to none.
    virtual void bind(const std::string& id, std::int64_t session) = 0;
    /// From now on the clock of that boot keeps the deadline, which is at `boot_deadline` there.
    virtual void keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) = 0;
    /// The call was allowed to start: its state is running from now on.
    virtual void start(const std::string& id, const std::string& at) = 0;
    /// Sets the end of its time, by the clock of the boot that it is bound to.
    virtual void set_boot_deadline(const std::string& id, std::int64_t boot_deadline) = 0;
    /// The request is finished: sets the run's state and `note`, and the time `at` when it finished.
    virtual void close(const std::string& id, RunState state, const std::string& note, const std::string& at) = 0;

    /// Returns open requests whose run has not started and whose time is over: by the clock of the boot of `moment`, or
    /// by their deadline on the wall clock if no decision on them is on record. Oldest first, at most two thousand.
    [[nodiscard]] virtual std::vector<std::string> due(const Moment& moment) = 0;
    /// Returns open requests whose run has not started, that have a decision on record, and whose deadline on the wall
    /// clock has come: their start window may be over too. Oldest first, at most a thousand.
    [[nodiscard]] virtual std::vector<std::string> decided_before(const Moment& moment) = 0;
    [[nodiscard]] virtual std::vector<std::string> open_of(std::int64_t session) = 0;
    /// Returns open requests that are bound to no session and whose deadline is kept by the clock of another boot. At
    /// most a thousand.
    [[nodiscard]] virtual std::vector<std::string> left_in_other_boots(const std::string& boot_id) = 0;

    /// Both return nothing if the request is not ours. They do not need its row.
    [[nodiscard]] virtual std::optional<SubmittedView> submitted(std::string_view id) = 0;
    [[nodiscard]] virtual std::optional<StoredRun> run_of(std::string_view id) = 0;

    /// Returns the requests that have ended and whose rows are gone.
    [[nodiscard]] virtual std::vector<std::string> orphans() = 0;
};

/// The reviewers' decisions. A row is added and never changed.
class Decisions {
public:
    virtual ~Decisions() = default;

    virtual void insert(const StoredDecision& decision) = 0;

    /// Returns the last decision on the request, which settled it.
    [[nodiscard]] virtual std::optional<StoredDecision> find(std::string_view request_id) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredDecision>& look) = 0;
};

/// The reviewers' votes on requests with a quorum, including the deciding one. A row is added and never changed.
class Votes {
public:
    virtual ~Votes() = default;

    virtual void insert(const StoredDecision& vote) = 0;
    /// Returns the votes on the request in the order in which they came, followed by those whose entry does not belong
    /// to the request. At most a thousand; an engine may return fewer if they are large.
    [[nodiscard]] virtual std::vector<StoredDecision> of(std::string_view request_id) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredDecision>& look) = 0;
};

/// The sessions, one for each time that an agent opened the record, each with a number that is used once. The engine
/// records a session itself, since only the engine knows how to see that its agent is alive.
class Sessions {
public:
    virtual ~Sessions() = default;

    /// Ends it. A session that has ended stays as it is.
    virtual void end(std::int64_t number, const std::string& ended_at) = 0;
    /// Makes it open again, as if it had never ended.
    virtual void resume(std::int64_t number) = 0;
    [[nodiscard]] virtual bool is_open(std::int64_t number) = 0;

    /// Returns what is wrong with the session that is said to have written the entry in the place `sequence`, or an
    /// empty text.
    [[nodiscard]] virtual std::string objection(std::int64_t number, std::int64_t sequence) = 0;

    /// Returns the session with that number, as it is shown, or nothing if there is none.
    [[nodiscard]] virtual std::optional<AgentSession> find(std::int64_t number) = 0;
};

/// What was asked with keys, in order. Only the state of an intent's run is ever changed, except by outlive().
class Keys {
public:
    virtual ~Keys() = default;

    /// Adds it after all others, whatever its number says.
    virtual void insert(const StoredKey& asked) = 0;
    /// Returns the last one with that key.
    [[nodiscard]] virtual std::optional<StoredKey> find(std::string_view key) = 0;
    [[nodiscard]] virtual bool has_request(std::string_view request_id) = 0;

    /// Sets how the run of the intent with that entry ended; `none` means that it did not start. Does nothing for any
    /// other entry.
    virtual void finish(std::string_view entry_id, RunState state, std::string_view note) = 0;
    /// The request is about to be removed from the record. From now on, what was asked with its key has this end, as an
    /// intent has. If it did not run, nothing is known of it any more.
    virtual void outlive(std::string_view request_id, RunState state, std::string_view note) = 0;
    /// Sets everything that the session was running to unknown.
    virtual void lose(std::int64_t session, std::string_view note) = 0;
};

/// The audit: entries of ours, each linked to the one before it, and entries that other programs wrote beside them. An
/// entry of ours is never changed, and is removed only if it is in an archive.
class Entries {
public:
    virtual ~Entries() = default;

    /// Writes `record` after the last entry, with the next number and link_hash over both. An engine with several lanes
    /// does so in one of them, except after own_end().
    virtual void append(const AuditRecord& record) = 0;

    /// Returns the intents of the session that have no outcome yet: `approved` entries with auto_request_id that
    /// nothing follows. None is older than the session.
    [[nodiscard]] virtual std::vector<OpenIntent> open_intents(std::int64_t session) = 0;
    /// Whether that intent is on record without an outcome. May be slow, since it is needed only in rare cases of
    /// doubt.
    [[nodiscard]] virtual bool is_open_intent(const std::string& entry_id) = 0;

    /// Returns the first entry of ours that gave the request its final state: approved, rejected, answered, timeout or
    /// cancelled.
    [[nodiscard]] virtual std::optional<AuditRecord> settlement(std::string_view request_id) = 0;
    /// Returns our entry with that id among those of the request.
    [[nodiscard]] virtual std::optional<AuditRecord> find(std::string_view request_id, std::string_view entry_id) = 0;
    /// Returns the entry of an intent, with only its tool, time and metadata filled in. Nothing for any other entry.
    [[nodiscard]] virtual std::optional<AuditRecord> find_intent(std::string_view entry_id) = 0;
    /// Calls `look` for our entries of a request with their places, oldest first. For none with auto_request_id.
    virtual void each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const AuditRecord&)>& look) = 0;

    /// An entry in its place. The entry of another program has an empty hash, and only its id need be filled in.
    struct Placed {
        std::int64_t sequence = 0;
        const AuditRecord& record;
        std::string_view hash;
        std::string fault;  ///< what is wrong with how it is stored; empty: nothing
    };
    /// As Requests::each_of_stretch, over the places of all entries.
    virtual bool each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) = 0;

    /// The same for a caller that stops after at most `most` entries, so that no more are read.
    virtual bool each_of_few(std::int64_t& from, std::size_t /*most*/, const std::function<bool(const Placed&)>& look) {
        return each_of_stretch(from, look);
    }

    /// Returns the place of the last entry, of those that look_up_to() lets be seen; 0 if there is none.
    [[nodiscard]] virtual std::int64_t last_place() = 0;
    /// From now on, nobody else adds an entry before this transaction ends, and what this transaction appends is in no
    /// lane, even if it appended into one before.
    virtual void own_end() {}
    /// Removes the entry in that place, which must be in an archive.
    virtual void remove(std::int64_t sequence, const std::string& entry_id) = 0;

    /// Returns a page as in Storage::audit, without its sessions.
    [[nodiscard]] virtual AuditPage list(const AuditQuery& query) = 0;
    /// Returns how many entries another program wrote without a place in the chain.
    [[nodiscard]] virtual std::int64_t strangers() { return 0; }

    /// Returns the first place for which a lane is stored and in which there is no entry.
    [[nodiscard]] virtual std::optional<std::int64_t> lane_without_entry() { return std::nullopt; }

    /// Sets how far each_of_stretch(), last_place() and list() go, for an engine that has OpenRecord::settled_end().
    virtual void look_up_to(std::int64_t /*place*/) noexcept {}
};

/// The stops that people put in force. A row is added, and lifted once.
class Stops {
public:
    virtual ~Stops() = default;

    virtual void insert(const StoredStop& stop) = 0;
    /// Sets the end of the stop with its id.
    virtual void lift(const StoredStop& stop) = 0;

    [[nodiscard]] virtual std::optional<StoredStop> find(std::string_view id) = 0;
    /// Oldest first. Every start of a call asks this, so it must cost almost nothing if there are none.
    [[nodiscard]] virtual std::vector<Stop> in_force() = 0;
    /// As Storage::stops.
    [[nodiscard]] virtual std::vector<Stop> list(StopList which) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredStop>& look) = 0;
};

/// What starts took of limits, kept as long as it counts. A sum over some time is the difference of two rows. Each
/// function must cost almost nothing no matter how many rows there are, except give_back(), whose cost may grow with
/// the bucket.
class Uses {
public:
    virtual ~Uses() = default;

    /// Adds it after all others, whatever its number says.
    virtual void insert(const StoredUse& use) = 0;
    /// As Requests::lock, for these limits and buckets.
    virtual void lock(const std::vector<std::pair<std::string, std::string>>& /*buckets*/) {}
    /// Returns the last use of the bucket.
    [[nodiscard]] virtual std::optional<StoredUse> last(std::string_view limit, std::string_view bucket) = 0;
    /// Returns the first use of the bucket that counts from later than `at`.
    [[nodiscard]] virtual std::optional<StoredUse> first_after(std::string_view limit, std::string_view bucket,
                                                               std::int64_t at) = 0;
    /// Returns the use before it in its bucket.
    [[nodiscard]] virtual std::optional<StoredUse> before(const StoredUse& use) = 0;
    [[nodiscard]] virtual std::optional<StoredUse> find(std::string_view start) = 0;
    /// From now on it counts as 0, and the totals from it on are lower by its amount.
    virtual void give_back(const StoredUse& use) = 0;
    /// Lowers all totals of the bucket by that amount.
    virtual void lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) = 0;
    /// Removes uses of the bucket that count from `at` or earlier, at most a hundred.
    virtual void forget(std::string_view limit, std::string_view bucket, std::int64_t at) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredUse>& look) = 0;
};

/// The grants that reviewers gave, and each use of one. A grant is added, and revoked once. A use is added and never
/// changed. Each look for a call that starts must cost almost nothing no matter how many there are.
class Grants {
public:
    virtual ~Grants() = default;

    virtual void insert(const StoredGrant& grant) = 0;
    /// As Requests::lock.
    virtual void lock(const std::vector<std::string>& /*ids*/) {}
    /// Sets the revocation of the grant with its id.
    virtual void revoke(const StoredGrant& grant) = 0;
    [[nodiscard]] virtual std::optional<StoredGrant> find(std::string_view id) = 0;
    /// Returns the grants for the tool and the agent that end later than `now`, including used and revoked ones. The
    /// next to end comes first. At most the newest hundred: used-up grants must not hide a new one.
    [[nodiscard]] virtual std::vector<StoredGrant> of(std::string_view tool_name, std::string_view agent,
                                                      std::string_view now) = 0;
    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredGrant>& look) = 0;

    /// Adds it after all others.
    virtual void insert_use(const StoredGrantUse& use) = 0;
    /// Returns the use of the grant with the highest place.
    [[nodiscard]] virtual std::optional<StoredGrantUse> last_use(std::string_view grant) = 0;
    /// Returns the use of the grant in that place.
    [[nodiscard]] virtual std::optional<StoredGrantUse> use_at(std::string_view grant, std::int64_t place) = 0;
    [[nodiscard]] virtual std::optional<StoredGrantUse> find_use(std::string_view start) = 0;
    /// Removes the uses of the grant from that place on. The grant is in an archive.
    virtual void forget_uses(std::string_view grant, std::int64_t place) = 0;
    virtual bool each_use_of_stretch(std::int64_t& from, const Look<StoredGrantUse>& look) = 0;
};

/// The latest changes, for watchers in other processes. An engine may forget old changes if it tells the watchers so.
class Changes {
public:
    virtual ~Changes() = default;
    /// An empty id tells all who wait to look again.
    virtual void add(const std::string& request_id, std::string_view status) = 0;
};

/// All tables of one transaction or of one look. Holds references.
struct Tables {
    Requests& requests;
    Bindings& bindings;
    Decisions& decisions;
    Sessions& sessions;
    Entries& entries;
    Changes& changes;
    Keys& keys;
    Stops& stops;
    Votes& votes;
    Uses& uses;
    Grants& grants;
    Archives& archives;
    Holds& holds;
    PortableRows& portable;
};

}  // namespace approvekit::record
