#include "sqlite/grants_table.hpp"

#include "record/use_rows.hpp"
#include "sqlite/query.hpp"

#include <utility>

namespace approvekit::sqlite {

using record::GrantColumn;
using record::GrantUseColumn;
using record::StoredGrant;
using record::StoredGrantUse;

namespace {

std::optional<StoredGrantUse> first_grant_use(Rows rows) {
    return record::read_first(std::move(rows), record::read_grant_use<Rows>);
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

void GrantsTable::insert(const StoredGrant& grant) {
    insert_.run(grant.id, grant.tool_name, grant.agent, grant.since, grant.until);
}

void GrantsTable::revoke(const StoredGrant& grant) {
    revoke_.run(grant.revoked_at, grant.revoked_by, grant.revoked_way, grant.id);
}

std::optional<StoredGrant> GrantsTable::find(std::string_view id) {
    return table_.exists() ? record::read_first(find_.rows(id), record::read_grant<Rows>) : std::nullopt;
}

std::vector<StoredGrant> GrantsTable::of(std::string_view tool_name, std::string_view agent, std::string_view now) {
    return table_.exists() ? record::read_grants(of_.rows(tool_name, agent, now)) : std::vector<StoredGrant>();
}

bool GrantsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredGrant>& look) {
    if (!table_.exists()) return false;
    return record::show_stretch(stretch_.rows(from), GrantColumn::number, from, [&](const Rows& row) {
        return look(record::read_grant(row), row.text(GrantColumn::fault));
    });
}

void GrantsTable::insert_use(const StoredGrantUse& use) {
    insert_use_.run(use.grant, use.place, use.start, use.at);
}

std::optional<StoredGrantUse> GrantsTable::last_use(std::string_view grant) {
    return table_.exists() ? first_grant_use(last_use_.rows(grant)) : std::nullopt;
}

std::optional<StoredGrantUse> GrantsTable::use_at(std::string_view grant, std::int64_t place) {
    return table_.exists() ? first_grant_use(use_at_.rows(grant, place)) : std::nullopt;
}

void GrantsTable::forget_uses(std::string_view grant, std::int64_t place) {
    forget_uses_.run(grant, place);
}

std::optional<StoredGrantUse> GrantsTable::find_use(std::string_view start) {
    return table_.exists() ? first_grant_use(find_use_.rows(start)) : std::nullopt;
}

bool GrantsTable::each_use_of_stretch(std::int64_t& from, const record::Look<StoredGrantUse>& look) {
    if (!table_.exists()) return false;
    return record::show_stretch(use_stretch_.rows(from), GrantUseColumn::number, from, [&](const Rows& row) {
        return look(record::read_grant_use(row), row.text(GrantUseColumn::fault));
    });
}

}  // namespace approvekit::sqlite
