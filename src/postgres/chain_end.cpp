#include "postgres/chain_end.hpp"

#include "approvekit/error.hpp"
#include "record/chain_ends.hpp"

#include <vector>

namespace approvekit::postgres {

using record::ChainEnds;

namespace {

/// Chooses a lane for the following statements: one that nobody has locked, or any one if there is none. The choice is
/// random, so that each lane soon gets another entry: nobody can add one unnoticed in a place before that.
constexpr const char* free_lane =
    "SELECT set_config('approvekit.lane', coalesce((SELECT lane FROM approvekit.approvekit_chain ORDER BY random() "
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
        own_place,  ///< of the last entry in the chosen lane
        own_hash,
        joined_place,  ///< of the last entry in no lane, if there are several lanes
        joined_hash
    };
};

/// `lane DESC` is there for the planner: only the index of entries in no lane, which a record with several lanes has,
/// has this order. By `seq` alone, the server might search all entries from the end.
constexpr const char* chosen_lane_end =
    "SELECT chain.lanes, nullif(current_setting('approvekit.lane'), '')::bigint, coalesce(last.seq, 0), last.lane IS "
    "NULL, "
    "last.hash, coalesce(own.seq, 0), own.hash, coalesce(joined.seq, 0), joined.hash FROM (SELECT count(*) AS lanes "
    "FROM approvekit.approvekit_chain) AS chain LEFT JOIN (SELECT seq, lane, hash FROM approvekit.approvekit_audit "
    "ORDER BY seq DESC LIMIT 1) AS last ON true LEFT JOIN (SELECT seq, hash FROM approvekit.approvekit_audit WHERE "
    "lane = nullif(current_setting('approvekit.lane'), '')::bigint ORDER BY seq DESC LIMIT 1) AS own ON true LEFT JOIN "
    "(SELECT "
    "seq, hash FROM approvekit.approvekit_audit WHERE lane IS NULL AND (SELECT count(*) FROM "
    "approvekit.approvekit_chain) > 1 ORDER BY lane DESC, seq DESC LIMIT 1) AS joined ON true";

constexpr const char* last_joined_of_ours =
    "SELECT seq, hash FROM approvekit.approvekit_audit WHERE lane IS NULL AND hash IS NOT NULL ORDER BY lane DESC, seq "
    "DESC LIMIT 1";
constexpr const char* last_joined_behind =
    "SELECT seq FROM approvekit.approvekit_audit WHERE lane IS NULL AND seq > $1 ORDER BY lane DESC, seq DESC LIMIT 1";

/// The last entry of each lane after the place $1, including lanes that only the copied record had. The place of an
/// entry in a lane does not matter.
constexpr const char* ends_of_lanes =
    "WITH RECURSIVE lanes(lane) AS ((SELECT min(lane) FROM approvekit.approvekit_audit WHERE lane IS NOT NULL) UNION "
    "ALL SELECT (SELECT min(a.lane) FROM approvekit.approvekit_audit a WHERE a.lane > lanes.lane) FROM lanes WHERE "
    "lanes.lane IS NOT NULL) SELECT 0, lanes.lane, (SELECT a.hash FROM approvekit.approvekit_audit a WHERE a.lane = "
    "lanes.lane AND a.seq > $1 ORDER BY a.seq DESC LIMIT 1) FROM lanes WHERE lanes.lane IS NOT NULL";

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

/// Returns where all chains end. Entries of other programs after our last entry in no lane are rare, since they only
/// come with a copied record. So only then are all entries up to them read.
ChainEnds all_ends(Connection& connection) {
    Rows ours = connection.rows(last_joined_of_ours);
    const bool is_any = ours.next();
    std::int64_t place = is_any ? ours.integer(0) : 0;
    ChainEnds ends(place, is_any ? ours.binary(1) : "");
    Rows last = connection.rows(last_joined_behind, place);
    if (last.next()) {
        Rows rows = connection.rows(
            "SELECT seq, lane, hash FROM approvekit.approvekit_audit WHERE seq > $1 AND seq <= $2 ORDER BY seq", place,
            last.integer(0));
        while (rows.next())
            pass_row(ends, rows);
        place = last.integer(0);
    }
    Rows lanes = connection.rows(ends_of_lanes, place);
    while (lanes.next()) {
        if (!lanes.is_null(2)) pass_row(ends, lanes);
    }
    return ends;
}

/// Returns what an entry in the chosen lane follows.
std::string hash_before_own(Connection& connection, const Rows& end) {
    const std::int64_t joined_place = end.integer(EndColumn::joined_place);
    if (end.integer(EndColumn::own_place) > joined_place) return end.binary(EndColumn::own_hash);
    const bool is_foreign = joined_place > 0 && end.is_null(EndColumn::joined_hash);
    const ChainEnds ends =
        is_foreign ? all_ends(connection) : ChainEnds(joined_place, end.binary(EndColumn::joined_hash));
    return ends.before(end.integer(EndColumn::lane));
}

/// Returns what an entry in no lane follows.
std::string hash_before_joined(Connection& connection, const Rows& end) {
    const bool is_empty = end.integer(EndColumn::last_place) == 0;
    const bool is_joined = end.flag(EndColumn::last_is_joined) && !end.is_null(EndColumn::last_hash);
    return is_empty || is_joined ? end.binary(EndColumn::last_hash) : all_ends(connection).combined();
}

ChainEnd locked_end(Connection& connection, bool has_all) {
    // Each statement sees what was committed before it began, so the lock comes first, and the end is read after it.
    std::vector<Rows> answers =
        connection.rows_of({Statement(free_lane), Statement(chosen_lane_lock), Statement(chosen_lane_end)});
    if (answers[1].count() == 0) throw lost_lane(connection);
    Rows& row = answers[2];
    row.next();
    ChainEnd end;
    end.is_one_of_several = row.integer(EndColumn::lanes) > 1;
    if (end.is_one_of_several && !has_all) end.lane = row.integer(EndColumn::lane);
    end.head.sequence = row.integer(EndColumn::last_place);
    end.head.hash = end.lane ? hash_before_own(connection, row) : hash_before_joined(connection, row);
    return end;
}

}  // namespace

ChainEnd lock_a_lane(Connection& connection) {
    return locked_end(connection, false);
}

ChainEnd lock_all_lanes(Connection& connection) {
    connection.queue("SELECT 1 FROM approvekit.approvekit_chain ORDER BY lane FOR UPDATE");
    return locked_end(connection, true);
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
