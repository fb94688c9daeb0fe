#pragma once

#include "approvekit/decision.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

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

    /// Shows `look` a stretch of all decisions, each with what is wrong with how it is stored, from the number `from`
    /// on, and moves `from` behind it. False when there is nothing more, or when `look` says to stop.
    bool each_of_stretch(std::int64_t& from,
                         const std::function<bool(const StoredDecision&, const std::string&)>& look);

private:
    [[nodiscard]] static std::string misfit();

    SQLite::Database& database_;
    Query insert_{database_,
                  "INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
                  "view_digest, entry_id, key_id, statement, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Query find_{database_,
                "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, "
                "signature FROM approvekit_decisions WHERE request_id = ? ORDER BY number DESC LIMIT 1"};
    Query stretch_{database_,
                   "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, "
                   "signature, request_id, number, " +
                       misfit() + " FROM approvekit_decisions WHERE number >= ? ORDER BY number LIMIT ?"};
};

}  // namespace approvekit::sqlite
