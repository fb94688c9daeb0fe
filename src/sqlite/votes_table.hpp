#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// The table approvekit_votes: one row for each vote. Requests without a quorum do not read or write it.
class VotesTable final : public record::Votes {
public:
    explicit VotesTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredDecision& vote) override;
    [[nodiscard]] std::vector<record::StoredDecision> of(std::string_view request_id) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) override;

private:
    [[nodiscard]] static std::string misfit();

    SQLite::Database& database_;
    LaterTable table_{database_, "approvekit_votes"};
    Query insert_{database_,
                  "INSERT INTO approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, "
                  "entry_id, shown, key_id, statement, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Query places_{database_,
                  "SELECT number FROM approvekit_votes v WHERE request_id = ? ORDER BY EXISTS (SELECT 1 FROM "
                  "approvekit_audit a WHERE a.request_id = v.request_id AND a.request_id <> 'auto' AND a.entry_id = "
                  "v.entry_id) DESC, ROW_NUMBER() OVER (PARTITION BY entry_id ORDER BY number), number LIMIT 1000"};
    Query vote_{database_,
                "SELECT verdict, reviewer, way, notes, voted_at, view_digest, entry_id, key_id, statement, signature, "
                "request_id, shown FROM approvekit_votes WHERE number = ?"};
    Query stretch_{database_,
                   "SELECT verdict, reviewer, way, notes, voted_at, view_digest, entry_id, key_id, statement, "
                   "signature, request_id, shown, number, " +
                       misfit() + " FROM approvekit_votes WHERE number >= ? ORDER BY number LIMIT ?"};
};

}  // namespace approvekit::sqlite
