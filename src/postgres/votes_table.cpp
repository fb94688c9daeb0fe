#include "postgres/votes_table.hpp"

#include "postgres/decisions_table.hpp"
#include "record/decision_rows.hpp"

#include <utility>

namespace approvekit::postgres {

using record::StoredDecision;
using record::VoteColumn;

namespace {

constexpr const char* vote_columns =
    "verdict, reviewer, way, notes, voted_at, view_digest, entry_id, key_id, statement, signature, request_id, shown";

// No vote of ours has a longer text.
constexpr const char* of_request =
    " FROM (SELECT v.*, sum(octet_length(notes) + coalesce(octet_length(statement), 0)) OVER (ORDER BY is_stray, turn, "
    "number) AS bytes FROM (SELECT v.*, NOT EXISTS (SELECT 1 FROM approvekit.approvekit_audit a WHERE a.request_id = "
    "v.request_id AND a.request_id <> 'auto' AND a.entry_id = v.entry_id) AS is_stray, row_number() OVER (PARTITION BY "
    "entry_id ORDER BY number) AS turn FROM approvekit.approvekit_votes v WHERE request_id = $1 AND "
    "octet_length(notes) <= 65536 AND coalesce(octet_length(statement), 0) <= 65536) v) v WHERE bytes <= 8388608 ORDER "
    "BY is_stray, turn, number LIMIT 1000";

}  // namespace

void VotesTable::insert(const StoredDecision& vote) {
    const Decision& decision = vote.decision;
    const record::SignatureColumns signature(decision.signature);
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, "
        "entry_id, shown, key_id, statement, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        decision.request_id, to_string(decision.verdict), decision.reviewer, decision.way, decision.notes,
        vote.decided_at, decision.view_digest, vote.entry_id, to_string(decision.shown), signature.key_id,
        signature.statement, signature.signature);
}

std::vector<StoredDecision> VotesTable::of(std::string_view request_id) {
    audit_.write_out();
    Rows rows = access_.connection.rows(Statement(std::string("SELECT ") + vote_columns + of_request, request_id));
    return record::read_all(std::move(rows), record::read_vote<Rows>);
}

bool VotesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    Rows rows = access_.connection.rows(
        Statement(std::string("SELECT ") + vote_columns +
                      ", number FROM approvekit.approvekit_votes WHERE number >= $1 ORDER BY number LIMIT 1000",
                  from));
    return record::show_stretch(std::move(rows), VoteColumn::number, from,
                                [&](const Rows& row) { return look(record::read_vote(row), misfit_of_decision(row)); });
}

}  // namespace approvekit::postgres
