#pragma once

#include "sqlite/audit_table.hpp"
#include "sqlite/changes_table.hpp"
#include "sqlite/decisions_table.hpp"
#include "sqlite/holds_table.hpp"
#include "sqlite/requests_table.hpp"
#include "sqlite/sessions_table.hpp"

namespace approvekit::sqlite {

/// Every table, on one connection.
struct Tables {
    explicit Tables(SQLite::Database& database)
        : audit(database),
          changes(database),
          decisions(database),
          holds(database),
          requests(database),
          sessions(database) {}

    AuditTable audit;
    ChangesTable changes;
    DecisionsTable decisions;
    HoldsTable holds;
    RequestsTable requests;
    SessionsTable sessions;
};

}  // namespace approvekit::sqlite
