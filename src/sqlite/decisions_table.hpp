#pragma once

#include "approvekit/decision.hpp"
#include "sqlite/query.hpp"

#include <optional>
#include <string>

namespace approvekit::sqlite {

/// A decision with what the record adds to it.
struct StoredDecision {
    Decision decision;
    std::string decided_at;
    std::string entry_id;  ///< the audit entry that tells of it
};

/// The table approvekit_decisions: one row a reviewer's answer.
class DecisionsTable {
public:
    explicit DecisionsTable(SQLite::Database& database) : database_(database) {}

    void insert(const StoredDecision& decision);

    /// The decision that settled the request.
    [[nodiscard]] std::optional<StoredDecision> find(std::string_view request_id);

private:
    SQLite::Database& database_;
    Query insert_{database_,
                  "INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
                  "view_digest, entry_id, key_id, statement, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Query find_{database_,
                "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, "
                "signature FROM approvekit_decisions WHERE request_id = ? ORDER BY number DESC LIMIT 1"};
};

}  // namespace approvekit::sqlite
