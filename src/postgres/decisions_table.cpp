#include "postgres/decisions_table.hpp"

#include "record/decision_rows.hpp"

#include <utility>

namespace approvekit::postgres {

using record::DecisionColumn;
using record::StoredDecision;

std::string misfit_of_decision(const Rows& rows) {
    if (!rows.is_whole(DecisionColumn::key_id, 3)) return "its signature is not whole";
    return parse_verdict(rows.bytes(DecisionColumn::verdict)) ? "" : "its verdict is not one of ours";
}

void DecisionsTable::insert(const StoredDecision& stored) {
    const Decision& decision = stored.decision;
    const record::SignatureColumns signature(decision.signature);
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
        "view_digest, entry_id, key_id, statement, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        decision.request_id, to_string(decision.verdict), decision.reviewer, decision.way, decision.notes,
        stored.decided_at, decision.view_digest, stored.entry_id, signature.key_id, signature.statement,
        signature.signature);
}

std::optional<StoredDecision> DecisionsTable::find(std::string_view request_id) {
    Rows rows = access_.connection.rows(
        "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, signature, "
        "request_id FROM approvekit.approvekit_decisions WHERE request_id = $1 ORDER BY number DESC LIMIT 1",
        request_id);
    return record::read_first(std::move(rows), record::read_decision<Rows>);
}

bool DecisionsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    Rows rows = access_.connection.rows(
        "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, signature, "
        "request_id, number FROM approvekit.approvekit_decisions WHERE number >= $1 ORDER BY number LIMIT 1000",
        from);
    return record::show_stretch(std::move(rows), DecisionColumn::number, from, [&](const Rows& row) {
        return look(record::read_decision(row), misfit_of_decision(row));
    });
}

}  // namespace approvekit::postgres
