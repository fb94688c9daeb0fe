#include "postgres/decisions_table.hpp"

#include <limits>

namespace approvekit::postgres {

using record::StoredDecision;

StoredDecision read_decision(const Rows& rows) {
    StoredDecision stored;
    Decision& decision = stored.decision;
    decision.verdict = parse_verdict(rows.bytes(0)).value_or(Verdict::reject);
    decision.reviewer = rows.text(1);
    decision.way = rows.text(2);
    decision.notes = rows.text(3);
    stored.decided_at = rows.text(4);
    decision.view_digest = rows.text(5);
    stored.entry_id = rows.text(6);
    if (!rows.is_null(9)) decision.signature = DecisionSignature{rows.text(7), rows.text(8), rows.text(9)};
    decision.request_id = rows.text(10);
    return stored;
}

std::string misfit_of_decision(const Rows& rows) {
    const int missing = rows.is_null(7) + rows.is_null(8) + rows.is_null(9);
    if (missing != 0 && missing != 3) return "its signature is not whole";
    return parse_verdict(rows.bytes(0)) ? "" : "its verdict is not one of ours";
}

void DecisionsTable::insert(const StoredDecision& stored) {
    const Decision& decision = stored.decision;
    const auto& signature = decision.signature;
    const auto part = [&](std::string DecisionSignature::*member) {
        return signature ? std::optional((*signature).*member) : std::nullopt;
    };
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, "
        "view_digest, entry_id, key_id, statement, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        decision.request_id, to_string(decision.verdict), decision.reviewer, decision.way, decision.notes,
        stored.decided_at, decision.view_digest, stored.entry_id, part(&DecisionSignature::key_id),
        part(&DecisionSignature::statement), part(&DecisionSignature::signature));
}

std::optional<StoredDecision> DecisionsTable::find(std::string_view request_id) {
    Rows rows = access_.connection.rows(
        "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, signature, "
        "request_id FROM approvekit.approvekit_decisions WHERE request_id = $1 ORDER BY number DESC LIMIT 1",
        request_id);
    return rows.next() ? std::optional(read_decision(rows)) : std::nullopt;
}

bool DecisionsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    Rows rows = access_.connection.rows(
        "SELECT verdict, reviewer, way, notes, decided_at, view_digest, entry_id, key_id, statement, signature, "
        "request_id, number FROM approvekit.approvekit_decisions WHERE number >= $1 ORDER BY number LIMIT 1000",
        from);
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(11);
        const bool goes_on = look(read_decision(rows), misfit_of_decision(rows));
        if (!goes_on || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace approvekit::postgres
