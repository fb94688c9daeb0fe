#include "memory/tables.hpp"

#include <algorithm>
#include <memory>

namespace approvekit::memory {

using record::StoredStop;

namespace {

template <typename All>
auto with_id(All& all, std::string_view id) {
    return std::find_if(all.begin(), all.end(), [&](const auto& stored) { return stored->stop.id == id; });
}

}  // namespace

void StopsTable::insert(const StoredStop& stored) {
    state_.stops.push_back(std::make_shared<StoredStop>(stored));
}

void StopsTable::lift(const StoredStop& stored) {
    const auto found = with_id(state_.stops, stored.stop.id);
    if (found != state_.stops.end()) *found = std::make_shared<StoredStop>(stored);
}

std::optional<StoredStop> StopsTable::find(std::string_view id) {
    const auto found = with_id(state_.stops, id);
    return found == state_.stops.end() ? std::nullopt : std::optional(**found);
}

std::vector<Stop> StopsTable::in_force() {
    std::vector<Stop> stops;
    for (const auto& stored : state_.stops) {
        if (stored->stop.in_force()) stops.push_back(stored->stop);
    }
    return stops;
}

std::vector<Stop> StopsTable::list(StopList which) {
    if (which == StopList::in_force) return in_force();
    std::vector<Stop> stops;
    std::for_each(state_.stops.rbegin(), state_.stops.rend(),
                  [&](const auto& stored) { stops.push_back(stored->stop); });
    return stops;
}

bool StopsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredStop>& look) {
    from = std::max<std::int64_t>(from, 0);
    if (from >= static_cast<std::int64_t>(state_.stops.size())) return false;
    return look(*state_.stops[static_cast<std::size_t>(from++)], "");
}

}  // namespace approvekit::memory
