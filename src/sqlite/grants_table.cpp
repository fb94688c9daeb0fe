#include "sqlite/grants_table.hpp"

#include "sqlite/query.hpp"

#include <algorithm>
#include <limits>

namespace approvekit::sqlite {

using record::StoredGrant;
using record::StoredGrantUse;

namespace {

StoredGrant read_grant(const Rows& rows) {
    StoredGrant grant;
    grant.id = rows.text(0);
    grant.tool_name = rows.text(1);
    grant.agent = rows.text(2);
    grant.since = rows.text(3);
    grant.until = rows.text(4);
    if (rows.is_null(5)) return grant;
    grant.revoked_at = rows.text(5);
    grant.revoked_by = rows.text(6);
    grant.revoked_way = rows.text(7);
    return grant;
}

StoredGrantUse read_grant_use(const Rows& rows) {
    return {.grant = rows.text(0), .place = rows.integer(1), .start = rows.text(2), .at = rows.text(3)};
}

std::optional<StoredGrantUse> first_grant_use(Rows rows) {
    return rows.next() ? std::optional(read_grant_use(rows)) : std::nullopt;
}

/// `number_column` has the place of each row, and the one behind it what is wrong with how it is stored.
template <typename Row>
bool show_stretch(Rows rows, Row (*read)(const Rows&), int number_column, std::int64_t& from,
                  const record::Look<Row>& look) {
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(number_column);
        const bool goes_on = look(read(rows), rows.text(number_column + 1));
        if (!goes_on || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace

std::string GrantsTable::listing(const std::string& more_columns, const char* rest) {
    return "SELECT request_id, tool_name, agent, since, until, revoked_at, revoked_by, revoked_way" + more_columns +
           " FROM approvekit_grants " + rest;
}

std::string GrantsTable::listing_of_uses(const std::string& more_columns, const char* rest) {
    return "SELECT grant_id, place, start, at" + more_columns + " FROM approvekit_grant_uses " + rest;
}

std::string GrantsTable::misfit() {
    return "iif((revoked_at IS NULL) + (revoked_by IS NULL) + (revoked_way IS NULL) NOT IN (0, 3), 'its revocation is "
           "not whole', " +
           storage_class_fault({{"request_id", "request_id", "'text'"},
                                {"tool_name", "tool_name", "'text'"},
                                {"agent", "agent", "'text'"},
                                {"since", "since", "'text'"},
                                {"until", "until", "'text'"},
                                {"revoked_at", "revoked_at", "'text', 'null'"},
                                {"revoked_by", "revoked_by", "'text', 'null'"},
                                {"revoked_way", "revoked_way", "'text', 'null'"}}) +
           ")";
}

std::string GrantsTable::misfit_of_use() {
    return storage_class_fault({{"grant_id", "grant_id", "'text'"},
                                {"place", "place", "'integer'"},
                                {"start", "start", "'text'"},
                                {"at", "at", "'text'"}});
}

bool GrantsTable::exists() {
    if (!exists_) exists_ = exists_query_.rows().next();
    return exists_;
}

void GrantsTable::insert(const StoredGrant& grant) {
    insert_.run(grant.id, grant.tool_name, grant.agent, grant.since, grant.until);
}

void GrantsTable::revoke(const StoredGrant& grant) {
    revoke_.run(grant.revoked_at, grant.revoked_by, grant.revoked_way, grant.id);
}

std::optional<StoredGrant> GrantsTable::find(std::string_view id) {
    if (!exists()) return std::nullopt;
    Rows rows = find_.rows(id);
    return rows.next() ? std::optional(read_grant(rows)) : std::nullopt;
}

std::vector<StoredGrant> GrantsTable::of(std::string_view tool_name, std::string_view agent, std::string_view now) {
    std::vector<StoredGrant> grants;
    if (!exists()) return grants;
    Rows rows = of_.rows(tool_name, agent, now);
    while (rows.next())
        grants.push_back(read_grant(rows));
    std::reverse(grants.begin(), grants.end());
    std::stable_sort(grants.begin(), grants.end(),
                     [](const StoredGrant& one, const StoredGrant& other) { return one.until < other.until; });
    return grants;
}

bool GrantsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredGrant>& look) {
    return exists() && show_stretch<StoredGrant>(stretch_.rows(from), read_grant, 8, from, look);
}

void GrantsTable::insert_use(const StoredGrantUse& use) {
    insert_use_.run(use.grant, use.place, use.start, use.at);
}

std::optional<StoredGrantUse> GrantsTable::last_use(std::string_view grant) {
    return exists() ? first_grant_use(last_use_.rows(grant)) : std::nullopt;
}

std::optional<StoredGrantUse> GrantsTable::use_at(std::string_view grant, std::int64_t place) {
    return exists() ? first_grant_use(use_at_.rows(grant, place)) : std::nullopt;
}

void GrantsTable::forget_uses(std::string_view grant, std::int64_t place) {
    forget_uses_.run(grant, place);
}

std::optional<StoredGrantUse> GrantsTable::find_use(std::string_view start) {
    return exists() ? first_grant_use(find_use_.rows(start)) : std::nullopt;
}

bool GrantsTable::each_use_of_stretch(std::int64_t& from, const record::Look<StoredGrantUse>& look) {
    return exists() && show_stretch<StoredGrantUse>(use_stretch_.rows(from), read_grant_use, 4, from, look);
}

}  // namespace approvekit::sqlite
