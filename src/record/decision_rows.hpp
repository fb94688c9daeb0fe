#pragma once

#include "approvekit/decision.hpp"
#include "record/rows.hpp"
#include "record/stored_rows.hpp"

#include <optional>
#include <string>

/// The rows of reviewers' decisions and votes.
namespace approvekit::record {

/// The columns of a query on approvekit_decisions, in its order.
struct DecisionColumn {
    enum : int {
        verdict,
        reviewer,
        way,
        notes,
        decided_at,
        view_digest,
        entry_id,
        key_id,
        statement,
        signature,
        request_id,
        number,  ///< only in stretches, as the next one
        fault    ///< only from an engine whose columns may hold any type
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredDecision read_decision(const Rows& row) {
    StoredDecision stored;
    Decision& decision = stored.decision;
    // A verdict that is not known must not count as an approval.
    decision.verdict = parse_verdict(row.bytes(DecisionColumn::verdict)).value_or(Verdict::reject);
    decision.reviewer = row.text(DecisionColumn::reviewer);
    decision.way = row.text(DecisionColumn::way);
    decision.notes = row.text(DecisionColumn::notes);
    stored.decided_at = row.text(DecisionColumn::decided_at);
    decision.view_digest = row.text(DecisionColumn::view_digest);
    stored.entry_id = row.text(DecisionColumn::entry_id);
    if (!row.is_null(DecisionColumn::signature)) {
        decision.signature = DecisionSignature{row.text(DecisionColumn::key_id), row.text(DecisionColumn::statement),
                                               row.text(DecisionColumn::signature)};
    }
    decision.request_id = row.text(DecisionColumn::request_id);
    return stored;
}

/// The columns of a query on approvekit_votes, in its order. The first ones are those of a decision; `decided_at` is
/// voted_at.
struct VoteColumn {
    enum : int {
        shown = static_cast<int>(DecisionColumn::request_id) + 1,
        number,  ///< only in stretches, as the next one
        fault    ///< as DecisionColumn::fault
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredDecision read_vote(const Rows& row) {
    StoredDecision vote = read_decision(row);
    vote.decision.shown = parse_shown(row.bytes(VoteColumn::shown)).value_or(Shown::not_recorded);
    return vote;
}

/// The values of the last columns of a decision or a vote: a whole signature, or NULLs.
struct SignatureColumns {
    explicit SignatureColumns(const std::optional<DecisionSignature>& whole) {
        if (!whole) return;
        key_id = whole->key_id;
        statement = whole->statement;
        signature = whole->signature;
    }

    std::optional<std::string> key_id;
    std::optional<std::string> statement;
    std::optional<std::string> signature;
};

}  // namespace approvekit::record
