#pragma once

#include "record/rows.hpp"
#include "record/stored_rows.hpp"

#include <algorithm>
#include <utility>
#include <vector>

/// The rows of what allows calls to start: what starts took of limits, grants, and the uses of grants.
namespace approvekit::record {

/// The columns of a query on approvekit_uses, in its order.
struct UseColumn {
    enum : int {
        number,
        limit_id,
        bucket,
        start,
        at,
        amount,
        total,
        was_given_back,
        fault  ///< only in stretches, from an engine whose columns may hold any type
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredUse read_use(const Rows& row) {
    return {.number = row.integer(UseColumn::number),
            .limit = row.text(UseColumn::limit_id),
            .bucket = row.text(UseColumn::bucket),
            .start = row.text(UseColumn::start),
            .at = row.integer(UseColumn::at),
            .amount = row.integer(UseColumn::amount),
            .total = row.integer(UseColumn::total),
            .was_given_back = row.flag(UseColumn::was_given_back)};
}

/// The columns of a query on approvekit_grants, in its order.
struct GrantColumn {
    enum : int {
        request_id,
        tool_name,
        agent,
        since,
        until,
        revoked_at,
        revoked_by,
        revoked_way,
        number,  ///< only in stretches, as the next one
        fault    ///< as UseColumn::fault
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredGrant read_grant(const Rows& row) {
    StoredGrant grant;
    grant.id = row.text(GrantColumn::request_id);
    grant.tool_name = row.text(GrantColumn::tool_name);
    grant.agent = row.text(GrantColumn::agent);
    grant.since = row.text(GrantColumn::since);
    grant.until = row.text(GrantColumn::until);
    if (row.is_null(GrantColumn::revoked_at)) return grant;
    grant.revoked_at = row.text(GrantColumn::revoked_at);
    grant.revoked_by = row.text(GrantColumn::revoked_by);
    grant.revoked_way = row.text(GrantColumn::revoked_way);
    return grant;
}

/// Returns them as Grants::of does. The rows must begin with the newest.
template <StoredRows Rows>
[[nodiscard]] std::vector<StoredGrant> read_grants(Rows rows) {
    std::vector<StoredGrant> grants = read_all(std::move(rows), read_grant<Rows>);
    std::reverse(grants.begin(), grants.end());
    std::stable_sort(grants.begin(), grants.end(),
                     [](const StoredGrant& one, const StoredGrant& other) { return one.until < other.until; });
    return grants;
}

/// The columns of a query on approvekit_grant_uses, in its order.
struct GrantUseColumn {
    enum : int {
        grant_id,
        place,
        start,
        at,
        number,  ///< only in stretches, as the next one
        fault    ///< as UseColumn::fault
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredGrantUse read_grant_use(const Rows& row) {
    return {.grant = row.text(GrantUseColumn::grant_id),
            .place = row.integer(GrantUseColumn::place),
            .start = row.text(GrantUseColumn::start),
            .at = row.text(GrantUseColumn::at)};
}

}  // namespace approvekit::record
