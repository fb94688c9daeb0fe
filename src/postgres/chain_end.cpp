#include "postgres/chain_end.hpp"

#include "approvekit/error.hpp"
#include "record/chain_ends.hpp"

#include <vector>

namespace approvekit::postgres {

using record::ChainEnds;

namespace {

/// Chooses a lane for the following statements: one that nobody has locked, or any one if there is none. The choice is
/// random, so that each lane soon gets another entry: nobody can add one to it unnoticed in a place before that. The
/// wait for the lane is limited to $1 milliseconds, unless that is empty or there is one lane, and so are those for
/// what is locked after it.
constexpr const char* free_lane =
    "SELECT CASE WHEN $1 <> '' AND (SELECT count(*) FROM approvekit.approvekit_chain) > 1 THEN "
    "set_config('lock_timeout', $1, true) END, set_config('approvekit.lane', coalesce((SELECT lane FROM "
    "approvekit.approvekit_chain ORDER BY random() "
    "LIMIT 1 FOR UPDATE SKIP LOCKED), (SELECT lane FROM approvekit.approvekit_chain ORDER BY random() LIMIT 1))::text, "
    "true)";
/// Returns a row if the lane is locked. Without lanes, the setting is an empty text.
constexpr const char* chosen_lane_lock =
    "SELECT 1 FROM approvekit.approvekit_chain WHERE lane = nullif(current_setting('approvekit.lane'), '')::bigint FOR "
    "UPDATE";

struct EndColumn {
    enum : int {
        lanes,           ///< how many there are
        lane,            ///< the chosen one
        last_place,      ///< of the last entry of all; 0 if there is none, as for the other places
        last_is_joined,  ///< whether the last entry is in no lane
        last_hash,
        own_place,  ///< of the last entry in the chosen lane, if there are several lanes
        own_hash,
        joined_place,  ///< of the last entry in no lane, if there are several lanes
        joined_hash
    };
};

// The statements below find the last entry of a lane, or of none, in the index that has only those entries. They are
// written for the planner: by `seq` alone, or with `lane = `, it might search all entries from the end instead. Only
// the index has the order `lane, seq`, in which `lane BETWEEN` keeps its part. A record with one lane has no index of
// the entries in no lane, since those are all.

constexpr const char* chosen_lane_end =
    "SELECT chosen.lanes, chosen.lane, coalesce(last.seq, 0), last.lane IS NULL, last.hash, coalesce(own.seq, 0), "
    "own.hash, coalesce(joined.seq, 0), joined.hash FROM (SELECT count(*) AS lanes, "
    "nullif(current_setting('approvekit.lane'), '')::bigint AS lane FROM approvekit.approvekit_chain) AS chosen LEFT "
    "JOIN (SELECT seq, lane, hash FROM approvekit.approvekit_audit ORDER BY seq DESC LIMIT 1) AS last ON true LEFT "
    "JOIN LATERAL (SELECT a.seq, a.hash FROM approvekit.approvekit_audit a WHERE chosen.lanes > 1 AND a.lane BETWEEN "
    "chosen.lane AND chosen.lane ORDER BY a.lane DESC, a.seq DESC LIMIT 1) AS own ON true LEFT JOIN LATERAL (SELECT "
    "a.seq, a.hash FROM approvekit.approvekit_audit a WHERE chosen.lanes > 1 AND a.lane IS NULL ORDER BY a.lane DESC, "
    "a.seq DESC LIMIT 1) AS joined ON true";

/// The last entry of each lane, if it is after the place $1. Goes from lane to lane, including those that only the
/// copied record had.
constexpr const char* ends_of_lanes =
    "WITH RECURSIVE ends(seq, lane, hash) AS ((SELECT seq, lane, hash FROM approvekit.approvekit_audit WHERE lane IS "
    "NOT NULL ORDER BY lane DESC, seq DESC LIMIT 1) UNION ALL SELECT next.seq, next.lane, next.hash FROM ends CROSS "
    "JOIN LATERAL (SELECT a.seq, a.lane, a.hash FROM approvekit.approvekit_audit a WHERE a.lane < ends.lane ORDER BY "
    "a.lane DESC, a.seq DESC LIMIT 1) AS next) SELECT seq, lane, hash FROM ends WHERE seq > $1";

constexpr const char* last_joined =
    "SELECT seq, hash FROM approvekit.approvekit_audit WHERE lane IS NULL ORDER BY lane DESC, seq DESC LIMIT 1";
constexpr const char* last_joined_of_ours =
    "SELECT seq, hash FROM approvekit.approvekit_audit WHERE lane IS NULL AND hash IS NOT NULL ORDER BY lane DESC, seq "
    "DESC LIMIT 1";
constexpr const char* last_joined_in_one_chain =
    "SELECT seq, hash FROM approvekit.approvekit_audit WHERE lane IS NULL ORDER BY seq DESC LIMIT 1";
constexpr const char* last_joined_of_ours_in_one_chain =
    "SELECT seq, hash FROM approvekit.approvekit_audit WHERE lane IS NULL AND hash IS NOT NULL ORDER BY seq DESC LIMIT "
    "1";

/// Without the lock, another writer could append after the same entry.
StorageError lost_lane(const Connection& connection) {
    return StorageError(ErrorCode::storage_corrupt,
                        connection.target().place() +
                            ": the lane to write in is gone from approvekit_chain: somebody changed that table, and "
                            "nothing was written");
}

/// Passes a row with a place, a lane and a hash.
void pass_row(ChainEnds& ends, const Rows& row) {
    const std::optional<std::int64_t> lane = row.is_null(1) ? std::nullopt : std::optional(row.integer(1));
    ends.pass(row.integer(0), lane, row.binary(2));
}

/// Returns the ends at the last entry in no lane. Entries of other programs after our last entry in no lane are rare,
/// since they only come with a copied record. So only then are all entries up to them read, unless the answer is
/// `known` from an earlier call.
ChainEnds joined_ends(Connection& connection, bool are_several, const ChainEnds& known = {}) {
    Rows last = connection.rows(are_several ? last_joined : last_joined_in_one_chain);
    if (!last.next()) return {};
    if (last.integer(0) == known.joined_place()) return known;
    if (!last.is_null(1)) return {last.integer(0), last.binary(1)};
    Rows ours = connection.rows(are_several ? last_joined_of_ours : last_joined_of_ours_in_one_chain);
    ChainEnds ends = ours.next() ? ChainEnds(ours.integer(0), ours.binary(1)) : ChainEnds();
    Rows rows = connection.rows(
        "SELECT seq, lane, hash FROM approvekit.approvekit_audit WHERE seq > $1 AND seq <= $2 ORDER BY seq",
        ends.joined_place(), last.integer(0));
    while (rows.next())
        pass_row(ends, rows);
    return ends;
}

/// Returns where all chains end.
ChainEnds all_ends(Connection& connection, bool are_several, const ChainEnds& known) {
    ChainEnds ends = joined_ends(connection, are_several, known);
    Rows lanes = connection.rows(ends_of_lanes, ends.joined_place());
    while (lanes.next())
        pass_row(ends, lanes);
    return ends;
}

/// Returns what an entry in the chosen lane follows.
std::string hash_before_own(Connection& connection, const Rows& end) {
    const std::int64_t joined_place = end.integer(EndColumn::joined_place);
    if (end.integer(EndColumn::own_place) > joined_place) return end.binary(EndColumn::own_hash);
    const bool is_foreign = joined_place > 0 && end.is_null(EndColumn::joined_hash);
    const ChainEnds ends =
        is_foreign ? joined_ends(connection, true) : ChainEnds(joined_place, end.binary(EndColumn::joined_hash));
    return ends.before(end.integer(EndColumn::lane));
}

/// Returns what an entry in no lane follows.
std::string hash_before_joined(Connection& connection, const Rows& end, const ChainEnds& known) {
    const bool is_empty = end.integer(EndColumn::last_place) == 0;
    const bool is_joined = end.flag(EndColumn::last_is_joined) && !end.is_null(EndColumn::last_hash);
    if (is_empty || is_joined) return end.binary(EndColumn::last_hash);
    return all_ends(connection, end.integer(EndColumn::lanes) > 1, known).combined();
}

/// `known` is as joined_ends() returned it before all lanes were locked, or null if only one lane is to be locked, with
/// that wait.
ChainEnd locked_end(Connection& connection, const ChainEnds* known, const std::string& wait) {
    // Each statement sees what was committed before it began, so the lock comes first, and the end is read after it.
    std::vector<Rows> answers =
        connection.rows_of({Statement(free_lane, wait), Statement(chosen_lane_lock), Statement(chosen_lane_end)});
    Rows& row = answers[2];
    if (answers[1].count() == 0 || !row.next()) throw lost_lane(connection);
    ChainEnd end;
    end.is_one_of_several = row.integer(EndColumn::lanes) > 1;
    if (end.is_one_of_several && known == nullptr) end.lane = row.integer(EndColumn::lane);
    end.head.sequence = row.integer(EndColumn::last_place);
    end.head.hash = end.lane ? hash_before_own(connection, row)
                             : hash_before_joined(connection, row, known != nullptr ? *known : ChainEnds());
    return end;
}

/// Waits as usual for the first lane. From then on, as long as another one is busy, those before it are locked in vain,
/// and everybody waits for them.
void lock_each_lane(Connection& connection, std::chrono::milliseconds wait) {
    const std::string longest = std::to_string(wait.count());
    connection.queue("SELECT 1 FROM approvekit.approvekit_chain ORDER BY lane LIMIT 1 FOR UPDATE");
    connection.queue("SELECT set_config('approvekit.lock_timeout', current_setting('lock_timeout'), true)");
    connection.queue("SELECT set_config('lock_timeout', $1, true)", longest);
    connection.queue("SELECT 1 FROM approvekit.approvekit_chain ORDER BY lane FOR UPDATE");
    connection.queue("SELECT set_config('lock_timeout', current_setting('approvekit.lock_timeout'), true)");
}

}  // namespace

ChainEnd lock_a_lane(Connection& connection, std::chrono::milliseconds wait) {
    return locked_end(connection, nullptr, std::to_string(wait.count()));
}

ChainEnd lock_all_lanes(Connection& connection, std::chrono::milliseconds wait) {
    const bool are_several = lanes_of(connection) > 1;
    // What takes long is read before, as nobody can write afterwards.
    const ChainEnds known = joined_ends(connection, are_several);
    if (are_several) lock_each_lane(connection, wait);
    return locked_end(connection, &known, "");
}

std::int64_t lanes_of(Connection& connection) {
    Rows rows = connection.rows("SELECT count(*) FROM approvekit.approvekit_chain");
    return rows.next() ? rows.integer(0) : 1;
}

std::set<std::string> writers_of(Connection& connection) {
    Rows rows = connection.rows(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowShareLock' AND relation = "
        "'approvekit.approvekit_chain'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = "
        "current_database()) AND pid <> pg_backend_pid()");
    std::set<std::string> writers;
    while (rows.next())
        writers.insert(rows.text(0));
    return writers;
}

}  // namespace approvekit::postgres
