#include "record/unit_of_work.hpp"

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
            *row = known;  // the row may have been changed since
        } else if (!is_lifted(known.id, tables.entries)) {
            all.push_back(known);
        }
    }
    met_ = all;
    return all;
}

void KnownGrants::meet(StoredGrant& grant, std::int64_t& used) {
    tell(grant, used);
    meet_use(grant.id, used);
}

void KnownGrants::tell(StoredGrant& grant, std::int64_t& used) {
    const std::lock_guard lock(mutex_);
    Met& met = met_[grant.id];
    if (!grant.revoked_at.empty() && met.revoked.id.empty()) met.revoked = grant;
    if (grant.revoked_at.empty() && !met.revoked.id.empty()) {
        grant.revoked_at = met.revoked.revoked_at;
        grant.revoked_by = met.revoked.revoked_by;
        grant.revoked_way = met.revoked.revoked_way;
    }
    used = std::max(met.used, used);
}

void KnownGrants::meet_use(const std::string& id, std::int64_t place) {
    const std::lock_guard lock(mutex_);
    Met& met = met_[id];
    met.used = std::max(met.used, place);
}

}  // namespace approvekit::record
