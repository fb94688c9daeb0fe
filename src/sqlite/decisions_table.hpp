#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::sqlite {

/// The table approvekit_decisions: one row for each decision of a reviewer.
class DecisionsTable final : public record::Decisions {
public:
    explicit DecisionsTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredDecision& decision) override;
    [[nodiscard]] std::optional<record::StoredDecision> find(std::string_view request_id) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) override;

private:
    [[nodiscard]] static std::string misfit();

    SQLite::Database& database_;
    Query insert_{database_,
                  "INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
                  "view_digest, entry_id, key_id, statement, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Query find_{database_,
                "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, "
                "signature, request_id FROM approvekit_decisions WHERE request_id = ? ORDER BY number DESC LIMIT 1"};
    Query stretch_{database_,
                   "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, "
                   "signature, request_id, number, " +
                       misfit() + " FROM approvekit_decisions WHERE number >= ? ORDER BY number LIMIT ?"};
};

}  // namespace approvekit::sqlite
