#include "memory/tables.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>

namespace approvekit::memory {

using record::StoredGrant;
using record::StoredGrantUse;

namespace {

template <typename Row, typename Is>
std::optional<Row> first_where(const std::vector<std::shared_ptr<const Row>>& all, Is is) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& row) { return is(*row); });
    return found == all.end() ? std::nullopt : std::optional(**found);
}

template <typename Row>
bool show_next(const std::vector<std::shared_ptr<const Row>>& all, std::int64_t& from, const record::Look<Row>& look) {
    from = std::max<std::int64_t>(from, 0);
    if (from >= static_cast<std::int64_t>(all.size())) return false;
    return look(*all[static_cast<std::size_t>(from++)], "");
}

}  // namespace

void GrantsTable::insert(const StoredGrant& grant) {
    state_.grants.push_back(std::make_shared<StoredGrant>(grant));
}

void GrantsTable::revoke(const StoredGrant& grant) {
    for (auto& stored : state_.grants) {
        if (stored->id == grant.id) stored = std::make_shared<StoredGrant>(grant);
    }
}

std::optional<StoredGrant> GrantsTable::find(std::string_view id) {
    return first_where(state_.grants, [&](const StoredGrant& grant) { return grant.id == id; });
}

std::vector<StoredGrant> GrantsTable::of(std::string_view tool_name, std::string_view agent, std::string_view now) {
    constexpr std::size_t most = 100;
    std::vector<StoredGrant> grants;
    for (auto next = state_.grants.rbegin(); next != state_.grants.rend() && grants.size() < most; ++next) {
        const StoredGrant& grant = **next;
        if (grant.tool_name == tool_name && grant.agent == agent && grant.until > now) grants.push_back(grant);
    }
    std::reverse(grants.begin(), grants.end());
    std::stable_sort(grants.begin(), grants.end(),
                     [](const StoredGrant& one, const StoredGrant& other) { return one.until < other.until; });
    return grants;
}

bool GrantsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredGrant>& look) {
    return show_next(state_.grants, from, look);
}

void GrantsTable::insert_use(const StoredGrantUse& use) {
    state_.grant_uses.push_back(std::make_shared<StoredGrantUse>(use));
}

std::optional<StoredGrantUse> GrantsTable::last_use(std::string_view grant) {
    std::optional<StoredGrantUse> last;
    for (const auto& use : state_.grant_uses) {
        if (use->grant == grant && (!last || use->place >= last->place)) last = *use;
    }
    return last;
}

std::optional<StoredGrantUse> GrantsTable::use_at(std::string_view grant, std::int64_t place) {
    return first_where(state_.grant_uses,
                       [&](const StoredGrantUse& use) { return use.grant == grant && use.place == place; });
}

std::optional<StoredGrantUse> GrantsTable::find_use(std::string_view start) {
    return first_where(state_.grant_uses, [&](const StoredGrantUse& use) { return use.start == start; });
}

bool GrantsTable::each_use_of_stretch(std::int64_t& from, const record::Look<StoredGrantUse>& look) {
    return show_next(state_.grant_uses, from, look);
}

}  // namespace approvekit::memory
