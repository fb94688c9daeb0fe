#pragma once

#include "postgres/archives_table.hpp"
#include "postgres/audit_table.hpp"
#include "postgres/bindings_table.hpp"
#include "postgres/changes_table.hpp"
#include "postgres/decisions_table.hpp"
#include "postgres/grants_table.hpp"
#include "postgres/holds_table.hpp"
#include "postgres/keys_table.hpp"
#include "postgres/portable_rows.hpp"
#include "postgres/requests_table.hpp"
#include "postgres/sessions_table.hpp"
#include "postgres/stops_table.hpp"
#include "postgres/uses_table.hpp"
#include "postgres/votes_table.hpp"

namespace approvekit::postgres {

/// All tables, for one transaction or one look.
struct Tables {
    explicit Tables(Access access)
        : audit(access),
          bindings(access),
          changes(access),
          decisions(access),
          keys(access),
          requests(access),
          sessions(access),
          stops(access),
          votes(access, audit),
          uses(access),
          grants(access),
          archives(access),
          holds(access),
          portable(access) {}

    /// Returns them as the state machine sees them.
    [[nodiscard]] record::Tables of_record() {
        return {requests, bindings, decisions, sessions, audit,    changes, keys,
                stops,    votes,    uses,      grants,   archives, holds,   portable};
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
};

}  // namespace approvekit::postgres
