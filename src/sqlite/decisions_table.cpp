#include "sqlite/decisions_table.hpp"

#include "record/decision_rows.hpp"

namespace approvekit::sqlite {

using record::DecisionColumn;
using record::StoredDecision;

void DecisionsTable::insert(const StoredDecision& stored) {
    const Decision& decision = stored.decision;
    const record::SignatureColumns signature(decision.signature);
    const std::string verdict(to_string(decision.verdict));
    insert_.run(decision.request_id, verdict, decision.reviewer, decision.way, decision.notes, stored.decided_at,
                decision.view_digest, stored.entry_id, signature.key_id, signature.statement, signature.signature);
}

std::optional<StoredDecision> DecisionsTable::find(std::string_view request_id) {
    return record::read_first(find_.rows(request_id), record::read_decision<Rows>);
}

bool DecisionsTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    constexpr std::int64_t at_once = 1000;
    return record::show_stretch(stretch_.rows(from, at_once), DecisionColumn::number, from, [&](const Rows& row) {
        return look(record::read_decision(row), row.text(DecisionColumn::fault));
    });
}

std::string DecisionsTable::misfit() {
    // A signature is complete or absent.
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
