#include "memory/tables.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace approvekit::memory {

using record::StoredDecision;

void VotesTable::insert(const StoredDecision& vote) {
    state_.votes.push_back(std::make_shared<const StoredDecision>(vote));
}

std::vector<StoredDecision> VotesTable::of(std::string_view request_id) {
    std::set<std::string_view> entries;
    for (const auto& entry : state_.entries) {
        if (entry->record.request_id == request_id) entries.insert(entry->record.entry_id);
    }
    std::vector<StoredDecision> votes;
    for (const auto& vote : state_.votes) {
        if (vote->decision.request_id == request_id) votes.push_back(*vote);
    }
    std::map<std::string, std::size_t> turns;
    std::multimap<std::pair<bool, std::size_t>, StoredDecision> ordered;  // copies come after their originals
    for (StoredDecision& vote : votes) {
        const std::pair place(!entries.contains(vote.entry_id), turns[vote.entry_id]++);
        ordered.emplace(place, std::move(vote));
    }
    votes.clear();
    constexpr std::size_t most = 1000;
    for (auto& [place, vote] : ordered) {
        if (votes.size() < most) votes.push_back(std::move(vote));
    }
    return votes;
}

bool VotesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    if (from == std::numeric_limits<std::int64_t>::max()) return false;
    from = std::numeric_limits<std::int64_t>::max();
    return std::all_of(state_.votes.begin(), state_.votes.end(), [&](const auto& vote) { return look(*vote, ""); });
}

}  // namespace approvekit::memory
