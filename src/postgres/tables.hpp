#pragma once

#include "postgres/audit_table.hpp"
#include "postgres/bindings_table.hpp"
#include "postgres/changes_table.hpp"
#include "postgres/decisions_table.hpp"
#include "postgres/grants_table.hpp"
#include "postgres/keys_table.hpp"
#include "postgres/requests_table.hpp"
#include "postgres/sessions_table.hpp"
#include "postgres/stops_table.hpp"
#include "postgres/uses_table.hpp"
#include "postgres/votes_table.hpp"

namespace approvekit::postgres {

/// Every table, for one transaction or one look.
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
          grants(access) {}

    /// As the state machine sees them.
    [[nodiscard]] record::Tables of_record() {
        return {requests, bindings, decisions, sessions, audit, changes, keys, stops, votes, uses, grants};
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
};

}  // namespace approvekit::postgres
