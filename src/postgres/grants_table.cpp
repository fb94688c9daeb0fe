#include "postgres/grants_table.hpp"

#include "record/use_rows.hpp"

#include <utility>

namespace approvekit::postgres {

using record::GrantColumn;
using record::GrantUseColumn;
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

std::string misfit_of_grant(const Rows& rows) {
    return rows.is_whole(GrantColumn::revoked_at, 3) ? "" : "its revocation is not whole";
}

}  // namespace

template <typename... Values>
std::optional<StoredGrantUse> GrantsTable::first_use(const char* rest, const Values&... values) {
    return record::read_first(access_.connection.rows(Statement(grant_use_listing(rest), values...)),
                              record::read_grant_use<Rows>);
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
    return record::read_first(access_.connection.rows(Statement(access_.locks ? locked_grant : one_grant, id)),
                              record::read_grant<Rows>);
}

std::vector<StoredGrant> GrantsTable::of(std::string_view tool_name, std::string_view agent, std::string_view now) {
    return record::read_grants(access_.connection.rows(Statement(
        grant_listing("WHERE hashtextextended(tool_name, 0) = hashtextextended($1, 0) AND hashtextextended(agent, 0) = "
                      "hashtextextended($2, 0) AND tool_name = $1 AND agent = $2 AND until > $3 ORDER BY number DESC "
                      "LIMIT 100"),
        tool_name, agent, now)));
}

bool GrantsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredGrant>& look) {
    Rows rows =
        access_.connection.rows(Statement(grant_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    return record::show_stretch(std::move(rows), GrantColumn::number, from,
                                [&](const Rows& row) { return look(record::read_grant(row), misfit_of_grant(row)); });
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
    return record::show_stretch(std::move(rows), GrantUseColumn::number, from,
                                [&](const Rows& row) { return look(record::read_grant_use(row), ""); });
}

}  // namespace approvekit::postgres
