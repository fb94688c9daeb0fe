#include "record/known_stops.hpp"

#include <algorithm>
#include <cstdint>

namespace approvekit::record {

bool is_lifted(const std::string& id, Entries& entries) {
    bool lifted = false;
    entries.each_of(
        id, [&](std::int64_t, const AuditRecord& record) { lifted = lifted || record.event == AuditEvent::lifted; });
    return lifted;
}

namespace {

void take_forged_end_away(Stop& stop, Entries& entries) {
    if (stop.in_force() || is_lifted(stop.id, entries)) return;
    stop.ended_at.reset();
    stop.ended_by.clear();
    stop.ended_way.clear();
}

}  // namespace

std::vector<Stop> list_stops(Tables& tables, StopList which) {
    std::vector<Stop> latest = tables.stops.latest();
    for (Stop& stop : latest)
        take_forged_end_away(stop, tables.entries);
    if (which == StopList::all) return latest;
    std::vector<Stop> in_force = tables.stops.in_force();
    for (auto stop = latest.rbegin(); stop != latest.rend(); ++stop) {
        const auto is_it = [&](const Stop& other) { return other.id == stop->id; };
        if (stop->in_force() && std::none_of(in_force.begin(), in_force.end(), is_it)) in_force.push_back(*stop);
    }
    return in_force;
}

std::vector<Stop> KnownStops::look(Tables& tables) {
    std::vector<Stop> all = tables.stops.in_force();
    const std::lock_guard lock(mutex_);
    for (const Stop& known : met_) {
        const auto row = std::find_if(all.begin(), all.end(), [&](const Stop& stop) { return stop.id == known.id; });
        if (row != all.end()) {
            *row = known;  // what it covers may have been changed since
        } else if (!is_lifted(known.id, tables.entries)) {
            all.push_back(known);
        }
    }
    met_ = all;
    return all;
}

}  // namespace approvekit::record
