#include "sqlite/stops_table.hpp"

#include "sqlite/query.hpp"

#include <limits>
#include <utility>

namespace approvekit::sqlite {

using record::StoredStop;

namespace {

StoredStop read_stop(const Rows& rows) {
    StoredStop stored;
    Stop& stop = stored.stop;
    stop.id = rows.text(0);
    stop.tool = rows.text(1);
    stop.agent = rows.text(2);
    stop.reason = rows.text(3);
    stop.reviewer = rows.text(4);
    stop.way = rows.text(5);
    stored.since = rows.text(6);
    stop.since = parse_time(stored.since).value_or(Time{});
    if (rows.is_null(7)) return stored;
    stored.ended_at = rows.text(7);
    stop.ended_at = parse_time(stored.ended_at).value_or(Time{});
    stop.ended_by = rows.text(8);
    stop.ended_way = rows.text(9);
    return stored;
}

}  // namespace

std::string StopsTable::listing(const std::string& more_columns, const char* rest) {
    return "SELECT stop_id, tool, agent, reason, reviewer, way, since, ended_at, ended_by, ended_way" + more_columns +
           " FROM approvekit_stops " + rest;
}

std::string StopsTable::misfit() {
    return "iif((ended_at IS NULL) + (ended_by IS NULL) + (ended_way IS NULL) NOT IN (0, 3), 'its end is not whole', " +
           storage_class_fault({{"stop_id", "stop_id", "'text'"},
                                {"tool", "tool", "'text'"},
                                {"agent", "agent", "'text'"},
                                {"reason", "reason", "'text'"},
                                {"reviewer", "reviewer", "'text'"},
                                {"way", "way", "'text'"},
                                {"since", "since", "'text'"},
                                {"ended_at", "ended_at", "'text', 'null'"},
                                {"ended_by", "ended_by", "'text', 'null'"},
                                {"ended_way", "ended_way", "'text', 'null'"}}) +
           ")";
}

bool StopsTable::exists() {
    if (!exists_) exists_ = exists_query_.rows().next();
    return exists_;
}

void StopsTable::insert(const StoredStop& stored) {
    const Stop& stop = stored.stop;
    insert_.run(stop.id, stop.tool, stop.agent, stop.reason, stop.reviewer, stop.way, stored.since);
}

void StopsTable::lift(const StoredStop& stored) {
    lift_.run(stored.ended_at, stored.stop.ended_by, stored.stop.ended_way, stored.stop.id);
}

std::optional<StoredStop> StopsTable::find(std::string_view id) {
    if (!exists()) return std::nullopt;
    Rows rows = find_.rows(id);
    return rows.next() ? std::optional(read_stop(rows)) : std::nullopt;
}

std::vector<Stop> StopsTable::read(Query& query) {
    std::vector<Stop> stops;
    Rows rows = query.rows();
    while (rows.next())
        stops.push_back(read_stop(rows).stop);
    return stops;
}

std::vector<Stop> StopsTable::in_force() {
    return read(in_force_);
}

std::vector<Stop> StopsTable::list(StopList which) {
    if (!exists()) return {};
    return read(which == StopList::all ? latest_ : in_force_);
}

bool StopsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredStop>& look) {
    if (!exists()) return false;
    Rows rows = stretch_.rows(from);
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(10);
        if (!look(read_stop(rows), rows.text(11)) || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace approvekit::sqlite
