#include "sqlite/decisions_table.hpp"

#include <limits>

namespace approvekit::sqlite {

using record::StoredDecision;

StoredDecision read_decision(const Rows& rows) {
    StoredDecision stored;
    Decision& decision = stored.decision;
    // Whatever is not plainly an approval counts as none.
    decision.verdict = parse_verdict(rows.bytes(0)).value_or(Verdict::reject);
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
    StoredDecision stored = read_decision(rows);
    stored.decision.request_id = std::string(request_id);
    return stored;
}

bool DecisionsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    constexpr std::int64_t at_once = 1000;
    Rows rows = stretch_.rows(from, at_once);
    bool any = false;
    while (rows.next()) {
        any = true;
        StoredDecision stored = read_decision(rows);
        stored.decision.request_id = rows.text(10);
        if (!look(stored, rows.text(12)) || rows.integer(11) == std::numeric_limits<std::int64_t>::max()) return false;
        from = rows.integer(11) + 1;
    }
    return any;
}

std::string DecisionsTable::misfit() {
    // Of a signature all is there, or nothing.
    return "iif((key_id IS NULL) + (statement IS NULL) + (signature IS NULL) NOT IN (0, 3), 'its signature is not "
           "whole', iif(verdict IN ('approve', 'reject', 'answer'), " +
           storage_class_fault({{"request_id", "request_id", "'text'"},
                                {"verdict", "verdict", "'text'"},
                                {"reviewer", "reviewer", "'text'"},
                                {"way", "way", "'text'"},
                                {"notes", "notes", "'text'"},
                                {"decided_at", "decided_at", "'text'"},
                                {"view_digest", "view_digest", "'text'"},
                                {"entry_id", "entry_id", "'text'"},
                                {"key_id", "key_id", "'text', 'null'"},
                                {"statement", "statement", "'text', 'null'"},
                                {"signature", "signature", "'text', 'null'"}}) +
           ", 'its verdict is not one of ours'))";
}

}  // namespace approvekit::sqlite
