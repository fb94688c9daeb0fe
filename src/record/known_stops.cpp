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
