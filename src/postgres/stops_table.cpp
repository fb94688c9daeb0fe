#include "postgres/stops_table.hpp"

#include "postgres/locks.hpp"

#include <limits>
#include <string>

namespace approvekit::postgres {

using record::StoredStop;

namespace {

std::string stop_listing(const char* rest) {
    return std::string(
               "SELECT stop_id, tool, agent, reason, reviewer, way, since, ended_at, ended_by, ended_way, number FROM "
               "approvekit.approvekit_stops ") +
           rest;
}

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

std::string misfit_of_stop(const Rows& rows) {
    const int missing = rows.is_null(7) + rows.is_null(8) + rows.is_null(9);
    return missing == 0 || missing == 3 ? "" : "its end is not whole";
}

}  // namespace

void StopsTable::insert(const StoredStop& stored) {
    const Stop& stop = stored.stop;
    own_stops(access_);
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_stops(stop_id, tool, agent, reason, reviewer, way, since) VALUES ($1, $2, "
        "$3, $4, $5, $6, $7)",
        stop.id, stop.tool, stop.agent, stop.reason, stop.reviewer, stop.way, stored.since);
}

void StopsTable::lift(const StoredStop& stored) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_stops SET ended_at = $1, ended_by = $2, ended_way = $3 WHERE stop_id = $4",
        stored.ended_at, stored.stop.ended_by, stored.stop.ended_way, stored.stop.id);
}

std::optional<StoredStop> StopsTable::find(std::string_view id) {
    own_stops(access_);
    Rows rows = access_.connection.rows(Statement(stop_listing("WHERE stop_id = $1"), id));
    return rows.next() ? std::optional(read_stop(rows)) : std::nullopt;
}

std::vector<Stop> StopsTable::read(const char* rest) {
    std::vector<Stop> stops;
    Rows rows = access_.connection.rows(Statement(stop_listing(rest)));
    while (rows.next())
        stops.push_back(read_stop(rows).stop);
    return stops;
}

std::vector<Stop> StopsTable::in_force() {
    share_stops(access_);
    return read("WHERE ended_at IS NULL ORDER BY number");
}

std::vector<Stop> StopsTable::list(StopList which) {
    return which == StopList::all ? read("ORDER BY number DESC LIMIT 1000") : in_force();
}

bool StopsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredStop>& look) {
    Rows rows = access_.connection.rows(Statement(stop_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(10);
        const bool goes_on = look(read_stop(rows), misfit_of_stop(rows));
        if (!goes_on || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace approvekit::postgres
