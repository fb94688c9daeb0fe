#include "memory/tables.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace approvekit::memory {

using record::StoredUse;

namespace {

/// Returns the indexes of a bucket's rows, in their order.
std::vector<std::size_t> places_in_bucket(const std::vector<StoredUse>& uses, std::string_view limit,
                                          std::string_view bucket) {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < uses.size(); ++place) {
        if (uses[place].limit == limit && uses[place].bucket == bucket) places.push_back(place);
    }
    std::sort(places.begin(), places.end(), [&](std::size_t left, std::size_t right) {
        return std::tie(uses[left].at, uses[left].number) < std::tie(uses[right].at, uses[right].number);
    });
    return places;
}

}  // namespace

void UsesTable::insert(const StoredUse& use) {
    state_.uses.push_back(use);
    state_.uses.back().number = ++state_.last_use;
}

std::optional<StoredUse> UsesTable::last(std::string_view limit, std::string_view bucket) {
    const auto places = places_in_bucket(state_.uses, limit, bucket);
    return places.empty() ? std::nullopt : std::optional(state_.uses[places.back()]);
}

std::optional<StoredUse> UsesTable::first_after(std::string_view limit, std::string_view bucket, std::int64_t at) {
    for (const std::size_t place : places_in_bucket(state_.uses, limit, bucket)) {
        if (state_.uses[place].at > at) return state_.uses[place];
    }
    return std::nullopt;
}

std::optional<StoredUse> UsesTable::before(const StoredUse& use) {
    std::optional<StoredUse> before;
    for (const std::size_t place : places_in_bucket(state_.uses, use.limit, use.bucket)) {
        const StoredUse& other = state_.uses[place];
        if (std::tie(other.at, other.number) < std::tie(use.at, use.number)) before = other;
    }
    return before;
}

std::optional<StoredUse> UsesTable::find(std::string_view start) {
    const auto found =
        std::find_if(state_.uses.begin(), state_.uses.end(), [&](const StoredUse& use) { return use.start == start; });
    return found == state_.uses.end() ? std::nullopt : std::optional(*found);
}

void UsesTable::give_back(const StoredUse& use) {
    for (const std::size_t place : places_in_bucket(state_.uses, use.limit, use.bucket)) {
        StoredUse& other = state_.uses[place];
        if (std::tie(other.at, other.number) >= std::tie(use.at, use.number)) other.total -= use.amount;
        if (other.number != use.number) continue;
        other.amount = 0;
        other.was_given_back = true;
    }
}

void UsesTable::lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) {
    for (const std::size_t place : places_in_bucket(state_.uses, limit, bucket))
        state_.uses[place].total -= by;
}

void UsesTable::forget(std::string_view limit, std::string_view bucket, std::int64_t at) {
    std::erase_if(state_.uses,
                  [&](const StoredUse& use) { return use.limit == limit && use.bucket == bucket && use.at <= at; });
}

bool UsesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredUse>& look) {
    if (from == std::numeric_limits<std::int64_t>::max()) return false;
    from = std::numeric_limits<std::int64_t>::max();
    return std::all_of(state_.uses.begin(), state_.uses.end(), [&](const StoredUse& use) { return look(use, ""); });
}

}  // namespace approvekit::memory
