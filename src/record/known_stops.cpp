#include "record/known_stops.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::record {

namespace {

bool is_lifted(const std::string& id, Entries& entries) {
    bool lifted = false;
    entries.each_of(
        id, [&](std::int64_t, const AuditRecord& record) { lifted = lifted || record.event == AuditEvent::lifted; });
    return lifted;
}

}  // namespace

const std::vector<Stop>& KnownStops::look(Tables& tables) {
    std::vector<Stop> all = tables.stops.in_force();
    for (const Stop& known : met_) {
        const auto is_known = [&](const Stop& stop) { return stop.id == known.id; };
        const bool has_row = std::any_of(all.begin(), all.end(), is_known);
        if (!has_row && !is_lifted(known.id, tables.entries)) all.push_back(known);
    }
    met_ = std::move(all);
    return met_;
}

}  // namespace approvekit::record
