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
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What an engine keeps, as the state machine sees it: rows in and out, and no rule of what may follow what.
///
/// All functions work within the transaction that the tables belong to: they see what was written in it before, and
/// nobody else sees that until it is committed. They throw StorageError. What another program may have put into a row
/// is read as far as it goes, and is never a reason to throw: a word that is not a status counts as cancelled, a text
/// that is no JSON is a JSON string, a time that is none is the epoch.
namespace approvekit::record {

/// Shown a row and what is wrong with how it is stored (empty: nothing); false to stop.
template <typename Row>
using Look = std::function<bool(const Row&, const std::string&)>;

/// The requests that reviewers see: a row holds tool, redacted arguments, status, times, notes and metadata. Where an
/// engine lets other programs write, these are the rows that they may change, remove and add.
class Requests {
public:
    virtual ~Requests() = default;

    /// Adds a pending request; StorageError when there is one with its id.
    virtual void insert(const ApprovalRequest& request) = 0;
    /// Gives the row a status, whatever it had. Nothing happens when there is no such row.
    virtual void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                        const std::optional<std::string>& notes) = 0;

    /// The transaction is going to look at these, each of which is named once, in an order that all keep. For an engine that
    /// lets transactions run side by side: none then waits for one that waits for it.
    virtual void lock(const std::vector<std::string>& /*ids*/) {}

    /// The row, with its binding and the last decision on it where there are such.
    [[nodiscard]] virtual std::optional<StoredRequest> find(std::string_view id) = 0;

    /// Ids of requests that are pending though they had ended, since another program wrote that or put them back: their
    /// binding is closed, or Entries::settlement knows an end. A thousand at most.
    [[nodiscard]] virtual std::vector<std::string> reopened() = 0;

    /// Shows `look` a stretch of all requests, from the place `from` on, and moves `from` behind it. The first place is
    /// the lowest number there is. False when there is nothing more, or when `look` said to stop.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredRequest>& look) = 0;

    /// At most `limit` ids that start with `prefix`, compared without case.
    [[nodiscard]] virtual std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) = 0;

    /// A page as in Storage::list. `now` tells how long each request may still be answered. `complete` may be empty.
    [[nodiscard]] virtual RequestPage list(const RequestQuery& query, const Moment& now,
                                           const CompleteRequest& complete) = 0;
};

/// What is kept beside each request of ours, out of reach of who replaces its row: the binding, a copy of what was
/// submitted, whether it is open, and what became of the run.
class Bindings {
public:
    virtual ~Bindings() = default;

    /// Opens a binding, with a copy of what the row of `request`, inserted just now, says.
    virtual void insert(const ApprovalRequest& request, const Binding& binding) = 0;
    /// From now on the request is bound to that session; 0: to none.
    virtual void bind(const std::string& id, std::int64_t session) = 0;
    /// From now on the clock of that boot keeps the deadline, which comes there at `boot_deadline`.
    virtual void keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) = 0;
    /// The call was let start: its run is running from now on.
    virtual void start(const std::string& id, const std::string& at) = 0;
    /// Sets the end of its time by the clock of the boot that it is bound to.
    virtual void set_boot_deadline(const std::string& id, std::int64_t boot_deadline) = 0;
    /// Nothing more is going to happen to the request: sets the run's state and `note`, and that it finished `at`.
    virtual void close(const std::string& id, RunState state, const std::string& note, const std::string& at) = 0;

    /// Open ones whose run has not started and whose time is over, by the clock of the boot that `moment` is of, or,
    /// where no decision on them is on record, by their deadline on the wall clock. Oldest first, two thousand at most.
    [[nodiscard]] virtual std::vector<std::string> due(const Moment& moment) = 0;
    /// Open ones whose run has not started, with a decision on record, and whose deadline has come on the wall clock:
    /// their start window may be over as well. Oldest first, a thousand at most.
    [[nodiscard]] virtual std::vector<std::string> decided_before(const Moment& moment) = 0;
    [[nodiscard]] virtual std::vector<std::string> open_of(std::int64_t session) = 0;
    /// Open ones that are bound to no session and whose deadline the clock of another boot keeps. A thousand at most.
    [[nodiscard]] virtual std::vector<std::string> left_in_other_boots(const std::string& boot_id) = 0;

    /// Both give nothing for a request that is not ours, and need no row of it.
    [[nodiscard]] virtual std::optional<SubmittedView> submitted(std::string_view id) = 0;
    [[nodiscard]] virtual std::optional<StoredRun> run_of(std::string_view id) = 0;

    /// The requests that have ended and whose rows are gone.
    [[nodiscard]] virtual std::vector<std::string> orphans() = 0;
};

/// The reviewers' answers. A row is added and never changed.
class Decisions {
public:
    virtual ~Decisions() = default;

    virtual void insert(const StoredDecision& decision) = 0;

    /// The last one on the request: that settled it.
    [[nodiscard]] virtual std::optional<StoredDecision> find(std::string_view request_id) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredDecision>& look) = 0;
};

/// The reviewers' answers to requests with a quorum, the deciding one among them. A row is added and never changed.
class Votes {
public:
    virtual ~Votes() = default;

    virtual void insert(const StoredDecision& vote) = 0;
    /// Those on the request, in the order in which they came, and behind them those whose entry is none of the request.
    /// A thousand at most, and an engine may give fewer where they are large.
    [[nodiscard]] virtual std::vector<StoredDecision> of(std::string_view request_id) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredDecision>& look) = 0;
};

/// The openings of the record by agents, each with a number that is used once. How a session is put on record is the
/// engine's affair, since only the engine knows by what its life is seen.
class Sessions {
public:
    virtual ~Sessions() = default;

    /// Ends it; one that has ended stays as it is.
    virtual void end(std::int64_t number, const std::string& ended_at) = 0;
    /// As though it had never ended.
    virtual void resume(std::int64_t number) = 0;
    [[nodiscard]] virtual bool is_open(std::int64_t number) = 0;

    /// What is wrong with the session that is said to have written the entry in the place `sequence`; empty: nothing.
    [[nodiscard]] virtual std::string objection(std::int64_t number, std::int64_t sequence) = 0;

    /// The session with that number, as it is shown; nothing if there is none.
    [[nodiscard]] virtual std::optional<AgentSession> find(std::int64_t number) = 0;
};

/// What was asked with a key, in its order. Only what became of an intent is ever changed.
class Keys {
public:
    virtual ~Keys() = default;

    /// Adds it behind all others, whatever number it says.
    virtual void insert(const StoredKey& asked) = 0;
    /// The last one with that key.
    [[nodiscard]] virtual std::optional<StoredKey> find(std::string_view key) = 0;
    [[nodiscard]] virtual bool has_request(std::string_view request_id) = 0;

    /// How the run of the intent with that entry ended; none: it did not start. Nothing for any other entry.
    virtual void finish(std::string_view entry_id, RunState state, std::string_view note) = 0;
    /// The request is going to be removed from the record: what was asked with its key is known to have ended so from now
    /// on, as though it had been an intent. Where it did not run nothing is known of it.
    virtual void outlive(std::string_view request_id, RunState state, std::string_view note) = 0;
    /// Whatever the session was running is unknown from now on.
    virtual void lose(std::int64_t session, std::string_view note) = 0;
};

/// The audit: entries of ours, each linked to the one before it, and those that other programs wrote beside them. None
/// of ours is ever changed, and none removed that is not in an archive.
class Entries {
public:
    virtual ~Entries() = default;

    /// Writes `record` behind the last entry, with the number after it and link_hash over both. An engine with several
    /// lanes does so in the lane of the writer.
    virtual void append(const AuditRecord& record) = 0;

    /// The intents of the session that have no outcome yet: `approved` entries with auto_request_id that nothing
    /// follows. None is older than the session.
    [[nodiscard]] virtual std::vector<OpenIntent> open_intents(std::int64_t session) = 0;
    /// Whether that intent is on record without an outcome. May be slow: for the rare case of doubt.
    [[nodiscard]] virtual bool is_open_intent(const std::string& entry_id) = 0;

    /// The first entry of ours that gave the request its final state: approved, rejected, timeout or cancelled.
    [[nodiscard]] virtual std::optional<AuditRecord> settlement(std::string_view request_id) = 0;
    /// Our entry with that id among those of the request.
    [[nodiscard]] virtual std::optional<AuditRecord> find(std::string_view request_id, std::string_view entry_id) = 0;
    /// The entry of an intent, as far as its tool, time and metadata go; nothing for any other entry.
    [[nodiscard]] virtual std::optional<AuditRecord> find_intent(std::string_view entry_id) = 0;
    /// Shows `look` our entries of a request, each with its place, oldest first. None with auto_request_id.
    virtual void each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const AuditRecord&)>& look) = 0;

    /// An entry in its place; of another program's, whose hash is empty, no more than its id has to be told.
    struct Placed {
        std::int64_t sequence = 0;
        const AuditRecord& record;
        std::string_view hash;
        std::string fault;  ///< what is wrong with how it is stored; empty: nothing
    };
    /// As Requests::each_of_stretch, over the places of all entries.
    virtual bool each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) = 0;

    /// The same for who will stop after so many at the latest, so that no more are read.
    virtual bool each_of_few(std::int64_t& from, std::size_t /*most*/, const std::function<bool(const Placed&)>& look) {
        return each_of_stretch(from, look);
    }

    /// The place of the last one; 0: there is none.
    [[nodiscard]] virtual std::int64_t last_place() = 0;
    /// Nobody else adds an entry before this transaction has ended.
    virtual void own_end() {}
    /// Removes the entry in that place, which is in an archive.
    virtual void remove(std::int64_t sequence, const std::string& entry_id) = 0;

    /// A page as in Storage::audit, without its sessions.
    [[nodiscard]] virtual AuditPage list(const AuditQuery& query) = 0;
    /// How many entries another program wrote without a place in the chain.
    [[nodiscard]] virtual std::int64_t strangers() { return 0; }

    /// How many chains there are side by side.
    [[nodiscard]] virtual std::int64_t lanes() { return 1; }
    /// The last place up to which no entry appears any more, for looks that begin after this returns. Where several chains
    /// take places from one sequence it waits for who is writing; do not ask within a look at one moment.
    [[nodiscard]] virtual std::int64_t settled_end() { return std::numeric_limits<std::int64_t>::max(); }
    /// How far each_of_stretch() goes, for an engine that has settled_end().
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
    /// Oldest first. Each call that starts asks, so this must cost next to nothing where there are none.
    [[nodiscard]] virtual std::vector<Stop> in_force() = 0;
    /// As Storage::stops.
    [[nodiscard]] virtual std::vector<Stop> list(StopList which) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredStop>& look) = 0;
};

/// What starts took of limits, for as long as it counts, so that a sum over some time is the difference of two rows. Each
/// function must cost next to nothing however many rows there are, but for give_back(), in whose bucket.
class Uses {
public:
    virtual ~Uses() = default;

    /// Adds it behind all others, whatever number it says.
    virtual void insert(const StoredUse& use) = 0;
    /// As Requests::lock, for what is looked at of these limits and buckets.
    virtual void lock(const std::vector<std::pair<std::string, std::string>>& /*buckets*/) {}
    /// The last one of the bucket.
    [[nodiscard]] virtual std::optional<StoredUse> last(std::string_view limit, std::string_view bucket) = 0;
    /// The first one of the bucket that counts from later than `at`.
    [[nodiscard]] virtual std::optional<StoredUse> first_after(std::string_view limit, std::string_view bucket,
                                                               std::int64_t at) = 0;
    /// The one before it in its bucket.
    [[nodiscard]] virtual std::optional<StoredUse> before(const StoredUse& use) = 0;
    [[nodiscard]] virtual std::optional<StoredUse> find(std::string_view start) = 0;
    /// From now on it counts for 0, and the totals from it on are less by what it was.
    virtual void give_back(const StoredUse& use) = 0;
    /// All totals of the bucket are less by that from now on.
    virtual void lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) = 0;
    /// Removes those of the bucket that count from `at` or earlier, a hundred at most.
    virtual void forget(std::string_view limit, std::string_view bucket, std::int64_t at) = 0;

    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredUse>& look) = 0;
};

/// The grants that reviewers gave, and each use of one. A grant is added and revoked once, a use is added and never changed.
/// Each look of a call that starts must cost next to nothing however many there are.
class Grants {
public:
    virtual ~Grants() = default;

    virtual void insert(const StoredGrant& grant) = 0;
    /// As Requests::lock.
    virtual void lock(const std::vector<std::string>& /*ids*/) {}
    /// Sets the revocation of the grant with its id.
    virtual void revoke(const StoredGrant& grant) = 0;
    [[nodiscard]] virtual std::optional<StoredGrant> find(std::string_view id) = 0;
    /// Those for the tool and the agent that end later than `now`, used and revoked ones too. The next to end first, the
    /// newest hundred at most: a grant that was used up must not stand in the way of a new one.
    [[nodiscard]] virtual std::vector<StoredGrant> of(std::string_view tool_name, std::string_view agent,
                                                      std::string_view now) = 0;
    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from, const Look<StoredGrant>& look) = 0;

    /// Adds it behind all others.
    virtual void insert_use(const StoredGrantUse& use) = 0;
    /// The one with the highest place among those of the grant.
    [[nodiscard]] virtual std::optional<StoredGrantUse> last_use(std::string_view grant) = 0;
    /// The one of the grant in that place.
    [[nodiscard]] virtual std::optional<StoredGrantUse> use_at(std::string_view grant, std::int64_t place) = 0;
    [[nodiscard]] virtual std::optional<StoredGrantUse> find_use(std::string_view start) = 0;
    /// Removes those of the grant from that place on. It is in an archive.
    virtual void forget_uses(std::string_view grant, std::int64_t place) = 0;
    virtual bool each_use_of_stretch(std::int64_t& from, const Look<StoredGrantUse>& look) = 0;
};

/// What was changed last, for watchers in other processes. An engine may forget old changes if it says so to them.
class Changes {
public:
    virtual ~Changes() = default;
    /// An empty id: whoever waits is to look again.
    virtual void add(const std::string& request_id, std::string_view status) = 0;
};

/// Every table of one transaction, or of one look. Refers to them.
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
