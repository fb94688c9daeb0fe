#include "sqlite/stops_table.hpp"

#include "record/stop_rows.hpp"
#include "sqlite/query.hpp"

namespace approvekit::sqlite {

using record::StopColumn;
using record::StoredStop;

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

void StopsTable::insert(const StoredStop& stored) {
    const Stop& stop = stored.stop;
    insert_.run(stop.id, stop.tool, stop.agent, stop.reason, stop.reviewer, stop.way, stored.since);
}

void StopsTable::lift(const StoredStop& stored) {
    lift_.run(stored.ended_at, stored.stop.ended_by, stored.stop.ended_way, stored.stop.id);
}

std::optional<StoredStop> StopsTable::find(std::string_view id) {
    return table_.exists() ? record::read_first(find_.rows(id), record::read_stop<Rows>) : std::nullopt;
}

std::vector<Stop> StopsTable::read(Query& query) {
    return record::read_all(query.rows(), [](const Rows& row) { return record::read_stop(row).stop; });
}

std::vector<Stop> StopsTable::in_force() {
    return read(in_force_);
}

std::vector<Stop> StopsTable::list(StopList which) {
    if (!table_.exists()) return {};
    return read(which == StopList::all ? latest_ : in_force_);
}

bool StopsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredStop>& look) {
    if (!table_.exists()) return false;
    return record::show_stretch(stretch_.rows(from), StopColumn::number, from, [&](const Rows& row) {
        return look(record::read_stop(row), row.text(StopColumn::fault));
    });
}

}  // namespace approvekit::sqlite
