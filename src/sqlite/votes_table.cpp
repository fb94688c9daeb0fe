#include "sqlite/votes_table.hpp"

#include "record/decision_rows.hpp"
#include "record/page.hpp"
#include "sqlite/query.hpp"

#include <cstddef>
#include <limits>

namespace approvekit::sqlite {

using record::PageSize;
using record::StoredDecision;
using record::VoteColumn;

void VotesTable::insert(const StoredDecision& vote) {
    const Decision& decision = vote.decision;
    const record::SignatureColumns signature(decision.signature);
    const std::string verdict(to_string(decision.verdict));
    const std::string shown(to_string(decision.shown));
    insert_.run(decision.request_id, verdict, decision.reviewer, decision.way, decision.notes, vote.decided_at,
                decision.view_digest, vote.entry_id, shown, signature.key_id, signature.statement, signature.signature);
}

std::vector<StoredDecision> VotesTable::of(std::string_view request_id) {
    // No vote of ours has a longer text.
    constexpr std::size_t longest_text = std::size_t{64} << 10;
    static_assert(longest_text > maximum_note_bytes);
    std::vector<StoredDecision> votes;
    if (!table_.exists()) return votes;
    PageSize size(std::numeric_limits<std::size_t>::max());
    Rows places = places_.rows(request_id);
    while (places.next() && !size.is_full()) {
        Rows rows = vote_.rows(places.integer(0));
        rows.leave_out_longer_than(longest_text);
        if (!rows.next()) continue;
        size.add_row(rows.size());
        votes.push_back(record::read_vote(rows));
    }
    return votes;
}

bool VotesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredDecision>& look) {
    constexpr std::int64_t at_once = 1000;
    if (!table_.exists()) return false;
    return record::show_stretch(stretch_.rows(from, at_once), VoteColumn::number, from, [&](const Rows& row) {
        return look(record::read_vote(row), row.text(VoteColumn::fault));
    });
}

std::string VotesTable::misfit() {
    // A signature is complete or absent.
    return "iif((key_id IS NULL) + (statement IS NULL) + (signature IS NULL) NOT IN (0, 3), 'its signature is not "
           "whole', iif(verdict IN ('approve', 'reject', 'answer'), " +
           storage_class_fault({{"request_id", "request_id", "'text'"},
                                {"verdict", "verdict", "'text'"},
                                {"reviewer", "reviewer", "'text'"},
                                {"way", "way", "'text'"},
                                {"notes", "notes", "'text'"},
                                {"voted_at", "voted_at", "'text'"},
                                {"view_digest", "view_digest", "'text'"},
                                {"entry_id", "entry_id", "'text'"},
                                {"shown", "shown", "'text'"},
                                {"key_id", "key_id", "'text', 'null'"},
                                {"statement", "statement", "'text', 'null'"},
                                {"signature", "signature", "'text', 'null'"}}) +
           ", 'its verdict is not one of ours'))";
}

}  // namespace approvekit::sqlite
