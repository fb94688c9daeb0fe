#include "memory/tables.hpp"

#include <algorithm>
#include <limits>

namespace approvekit::memory {

using record::StoredDecision;

void VotesTable::insert(const StoredDecision& vote) {
    state_.votes.push_back(std::make_shared<const StoredDecision>(vote));
}

std::vector<StoredDecision> VotesTable::of(std::string_view request_id) {
    std::vector<StoredDecision> votes;
    constexpr std::size_t most = 1000;
    for (const auto& vote : state_.votes) {
        if (votes.size() < most && vote->decision.request_id == request_id) votes.push_back(*vote);
    }
    return votes;
}

bool VotesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    if (from == std::numeric_limits<std::int64_t>::max()) return false;
    from = std::numeric_limits<std::int64_t>::max();
    return std::all_of(state_.votes.begin(), state_.votes.end(), [&](const auto& vote) { return look(*vote, ""); });
}

}  // namespace approvekit::memory
