#include "postgres/stops_table.hpp"

#include "postgres/locks.hpp"
#include "record/stop_rows.hpp"

#include <string>
#include <utility>

namespace approvekit::postgres {

using record::PeriodColumn;
using record::StopColumn;
using record::StoredStop;

namespace {

std::string stop_listing(const char* rest) {
    return std::string(
               "SELECT stop_id, tool, agent, reason, reviewer, way, since, ended_at, ended_by, ended_way, number FROM "
               "approvekit.approvekit_stops ") +
           rest;
}

std::string misfit_of_stop(const Rows& rows) {
    return rows.is_whole(StopColumn::period + static_cast<int>(PeriodColumn::ended_at), 3) ? ""
                                                                                           : "its end is not whole";
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
    return record::read_first(access_.connection.rows(Statement(stop_listing("WHERE stop_id = $1"), id)),
                              record::read_stop<Rows>);
}

std::vector<Stop> StopsTable::read(const char* rest) {
    return record::read_all(access_.connection.rows(Statement(stop_listing(rest))),
                            [](const Rows& row) { return record::read_stop(row).stop; });
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
    return record::show_stretch(std::move(rows), StopColumn::number, from,
                                [&](const Rows& row) { return look(record::read_stop(row), misfit_of_stop(row)); });
}

}  // namespace approvekit::postgres
