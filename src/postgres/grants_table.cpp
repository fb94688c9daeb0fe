#include "postgres/grants_table.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace approvekit::postgres {

using record::StoredGrant;
using record::StoredGrantUse;

namespace {

std::string grant_listing(const char* rest) {
    return std::string(
               "SELECT request_id, tool_name, agent, since, until, revoked_at, revoked_by, revoked_way, number FROM "
               "approvekit.approvekit_grants ") +
           rest;
}

const std::string one_grant = grant_listing("WHERE request_id = $1 ORDER BY number LIMIT 1");
const std::string locked_grant = one_grant + " FOR UPDATE";

std::string grant_use_listing(const char* rest) {
    return std::string("SELECT grant_id, place, start, at, number FROM approvekit.approvekit_grant_uses ") + rest;
}

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

std::string misfit_of_grant(const Rows& rows) {
    const int missing = rows.is_null(5) + rows.is_null(6) + rows.is_null(7);
    return missing == 0 || missing == 3 ? "" : "its revocation is not whole";
}

std::string misfit_of_grant_use(const Rows& /*rows*/) {
    return "";
}

/// `number_column` has the place of each row.
template <typename Row>
bool show_stretch(Rows rows, Row (*read)(const Rows&), std::string (*misfit)(const Rows&), int number_column,
                  std::int64_t& from, const record::Look<Row>& look) {
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(number_column);
        const bool goes_on = look(read(rows), misfit(rows));
        if (!goes_on || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace

template <typename... Values>
std::optional<StoredGrantUse> GrantsTable::first_use(const char* rest, const Values&... values) {
    Rows rows = access_.connection.rows(Statement(grant_use_listing(rest), values...));
    return rows.next() ? std::optional(read_grant_use(rows)) : std::nullopt;
}

void GrantsTable::lock(const std::vector<std::string>& ids) {
    if (!access_.locks) return;
    for (const std::string& id : ids)
        access_.connection.queue(Statement(locked_grant, id));
}

void GrantsTable::insert(const StoredGrant& grant) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_grants(request_id, tool_name, agent, since, until) VALUES ($1, $2, $3, $4, "
        "$5)",
        grant.id, grant.tool_name, grant.agent, grant.since, grant.until);
}

void GrantsTable::revoke(const StoredGrant& grant) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_grants SET revoked_at = $1, revoked_by = $2, revoked_way = $3 WHERE request_id = "
        "$4",
        grant.revoked_at, grant.revoked_by, grant.revoked_way, grant.id);
}

std::optional<StoredGrant> GrantsTable::find(std::string_view id) {
    Rows rows = access_.connection.rows(Statement(access_.locks ? locked_grant : one_grant, id));
    return rows.next() ? std::optional(read_grant(rows)) : std::nullopt;
}

std::vector<StoredGrant> GrantsTable::of(std::string_view tool_name, std::string_view agent, std::string_view now) {
    std::vector<StoredGrant> grants;
    Rows rows = access_.connection.rows(Statement(
        grant_listing("WHERE hashtextextended(tool_name, 0) = hashtextextended($1, 0) AND hashtextextended(agent, 0) = "
                      "hashtextextended($2, 0) AND tool_name = $1 AND agent = $2 AND until > $3 ORDER BY number DESC "
                      "LIMIT 100"),
        tool_name, agent, now));
    while (rows.next())
        grants.push_back(read_grant(rows));
    std::reverse(grants.begin(), grants.end());
    std::stable_sort(grants.begin(), grants.end(),
                     [](const StoredGrant& one, const StoredGrant& other) { return one.until < other.until; });
    return grants;
}

bool GrantsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredGrant>& look) {
    Rows rows =
        access_.connection.rows(Statement(grant_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    return show_stretch<StoredGrant>(std::move(rows), read_grant, misfit_of_grant, 8, from, look);
}

void GrantsTable::insert_use(const StoredGrantUse& use) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_grant_uses(grant_id, place, start, at) VALUES ($1, $2, $3, $4)", use.grant,
        use.place, use.start, use.at);
}

std::optional<StoredGrantUse> GrantsTable::last_use(std::string_view grant) {
    return first_use("WHERE grant_id = $1 ORDER BY place DESC, number DESC LIMIT 1", grant);
}

std::optional<StoredGrantUse> GrantsTable::use_at(std::string_view grant, std::int64_t place) {
    return first_use("WHERE grant_id = $1 AND place = $2 ORDER BY number LIMIT 1", grant, place);
}

void GrantsTable::forget_uses(std::string_view grant, std::int64_t place) {
    access_.connection.queue("DELETE FROM approvekit.approvekit_grant_uses WHERE grant_id = $1 AND place >= $2", grant,
                             place);
}

std::optional<StoredGrantUse> GrantsTable::find_use(std::string_view start) {
    return first_use("WHERE start = $1 ORDER BY number LIMIT 1", start);
}

bool GrantsTable::each_use_of_stretch(std::int64_t& from, const record::Look<StoredGrantUse>& look) {
    Rows rows =
        access_.connection.rows(Statement(grant_use_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    return show_stretch<StoredGrantUse>(std::move(rows), read_grant_use, misfit_of_grant_use, 4, from, look);
}

}  // namespace approvekit::postgres
