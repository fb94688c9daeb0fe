#include "sqlite/decisions_table.hpp"

namespace approvekit::sqlite {

void DecisionsTable::insert(const StoredDecision& stored) {
    const Decision& decision = stored.decision;
    std::optional<std::string> key_id;
    std::optional<std::string> statement;
    std::optional<std::string> signature;
    if (decision.signature) {
        key_id = decision.signature->key_id;
        statement = decision.signature->statement;
        signature = decision.signature->signature;
    }
    const std::string verdict(to_string(decision.verdict));
    insert_.run(decision.request_id, verdict, decision.reviewer, decision.way, decision.notes, stored.decided_at,
                decision.view_digest, stored.entry_id, key_id, statement, signature);
}

std::optional<StoredDecision> DecisionsTable::find(std::string_view request_id) {
    Rows rows = find_.rows(request_id);
    if (!rows.next()) return std::nullopt;
    StoredDecision stored;
    Decision& decision = stored.decision;
    decision.request_id = std::string(request_id);
    // Whatever is not plainly an approval counts as none.
    decision.verdict = rows.bytes(0) == to_string(Verdict::approve) ? Verdict::approve : Verdict::reject;
    decision.reviewer = rows.text(1);
    decision.way = rows.text(2);
    decision.notes = rows.text(3);
    stored.decided_at = rows.text(4);
    decision.view_digest = rows.text(5);
    stored.entry_id = rows.text(6);
    if (!rows.is_null(9)) {
        decision.signature = DecisionSignature{rows.text(7), rows.text(8), rows.text(9)};
    }
    return stored;
}

}  // namespace approvekit::sqlite
