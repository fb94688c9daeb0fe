#include "record/known_grants.hpp"

#include <algorithm>

namespace approvekit::record {

void KnownGrants::meet(StoredGrant& grant, std::int64_t& used) {
    const std::lock_guard lock(mutex_);
    Met& met = met_[grant.id];
    if (!grant.revoked_at.empty() && met.revoked.id.empty()) met.revoked = grant;
    if (grant.revoked_at.empty() && !met.revoked.id.empty()) {
        grant.revoked_at = met.revoked.revoked_at;
        grant.revoked_by = met.revoked.revoked_by;
        grant.revoked_way = met.revoked.revoked_way;
    }
    met.used = std::max(met.used, used);
    used = met.used;
}

}  // namespace approvekit::record
