#include "review/doubtful_stops.hpp"

#include "approvekit/audit.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace approvekit::review {
namespace {

/// More entries than a stop has. If there are so many others after its end, the stop is in doubt, which costs a look.
constexpr std::size_t entries_of_a_stop = 100;

bool tells_end(const AuditEntry& entry) {
    return entry.ours() && entry.decision == AuditEvent::lifted;
}

}  // namespace

std::vector<Stop> DoubtfulStops::find() {
    std::vector<Stop> doubtful;
    std::set<std::string> lifted;
    const std::lock_guard lock(mutex_);
    for (Stop& stop : record_.stops(StopList::all)) {
        if (stop.in_force()) continue;
        if (lifted_.contains(stop.id) || is_told(stop)) {
            lifted.insert(stop.id);
        } else {
            doubtful.push_back(std::move(stop));
        }
    }
    lifted_ = std::move(lifted);
    std::reverse(doubtful.begin(), doubtful.end());
    return doubtful;
}

bool DoubtfulStops::is_told(const Stop& stop) const {
    const AuditPage page =
        record_.audit({.request_id = stop.id, .limit = entries_of_a_stop, .cursor = {}, .oldest_first = false});
    return std::any_of(page.entries.begin(), page.entries.end(), tells_end);
}

}  // namespace approvekit::review
