#pragma once

#include "sqlite/archives_table.hpp"
#include "sqlite/audit_table.hpp"
#include "sqlite/bindings_table.hpp"
#include "sqlite/changes_table.hpp"
#include "sqlite/decisions_table.hpp"
#include "sqlite/grants_table.hpp"
#include "sqlite/holds_table.hpp"
#include "sqlite/keys_table.hpp"
#include "sqlite/portable_rows.hpp"
#include "sqlite/query.hpp"
#include "sqlite/requests_table.hpp"
#include "sqlite/sessions_table.hpp"
#include "sqlite/stops_table.hpp"
#include "sqlite/uses_table.hpp"
#include "sqlite/votes_table.hpp"

#include <cstdint>

namespace approvekit::sqlite {

/// All tables, on one connection.
struct Tables {
    explicit Tables(SQLite::Database& database)
        : audit(database),
          bindings(database),
          changes(database),
          decisions(database),
          keys(database),
          requests(database),
          sessions(database),
          stops(database),
          votes(database),
          uses(database),
          grants(database),
          archives(database),
          holds(database),
          portable(database),
          data_version(database, "PRAGMA data_version") {}

    /// Returns them as the state machine sees them.
    [[nodiscard]] record::Tables of_record() {
        return {requests, bindings, decisions, sessions, audit,    changes, keys,
                stops,    votes,    uses,      grants,   archives, holds,   portable};
    }

    /// Returns another number after each commit of another connection.
    [[nodiscard]] std::uint64_t version() {
        Rows rows = data_version.rows();
        return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
    }

    AuditTable audit;
    BindingsTable bindings;
    ChangesTable changes;
    DecisionsTable decisions;
    KeysTable keys;
    RequestsTable requests;
    SessionsTable sessions;
    StopsTable stops;
    VotesTable votes;
    UsesTable uses;
    GrantsTable grants;
    ArchivesTable archives;
    HoldsTable holds;
    PortableRows portable;
    Query data_version;
};

}  // namespace approvekit::sqlite
